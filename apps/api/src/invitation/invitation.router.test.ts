import type { InvitationState } from '@roster/domain'
import { afterEach, expect, test } from 'vitest'
import { fingerprint } from '../testing/fingerprint.ts'
import { refusalOf, testInstance } from '../testing/instance.ts'
import { sender } from '../testing/send.ts'

const { app, make, as, nobody, db, audit } = await testInstance()
const send = sender(app)
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const PASSWORD = 'a password of my own'
const INVALID = { code: 'INVALID_LINK', details: {} }
const DAY = 24 * 60 * 60 * 1000
let names = 0

// Tries at secrets are counted by address, and all of these come from one.
afterEach(() => db.pool.query(`DELETE FROM "rate_limit"`))

type Made = { id: string; path: string }
const tokenOf = ({ path }: Made) => path.replace('/invitation#', '')
const fresh = () => `guest-${++names}`
const accept = (token: string, username = fresh(), password = PASSWORD) => nobody.invitation.accept.mutate({ token, username, password })
const look = (token: string) => nobody.invitation.inspect.mutate({ token })
const stateOf = async ({ id }: Made): Promise<InvitationState | undefined> =>
  (await as(ada).invitation.list.query({ page: { size: 50 } })).rows.find((row) => row.id === id)?.state

/** Neither look nor acceptance, nothing changed by trying, and the list says why. */
async function isDead(made: Made, state: InvitationState | undefined): Promise<void> {
  const before = await fingerprint(db)
  expect(await refusalOf(look(tokenOf(made)))).toEqual(INVALID)
  expect(await refusalOf(accept(tokenOf(made)))).toEqual(INVALID)
  expect(await fingerprint(db)).toEqual(before)
  expect(await stateOf(made)).toBe(state)
}

/** A manager, a workspace they are in, and an invitation of theirs into it. */
async function invited(input: object = {}, organizationId = acme.id) {
  const manager = await make.user({ organizationId, role: 'manager' })
  const workspace = await make.workspace({ organizationId })
  await make.members(workspace, [manager])
  const made = await as(manager).invitation.create.mutate({ workspaceIds: [workspace.id], ...input })
  return { manager, workspace, made }
}

test('by an invitation somebody makes their own account, with its role, its organization and its workspaces, and is signed in', async () => {
  const { manager, workspace, made } = await invited({ role: 'manager', note: 'The new lead' })
  expect(Math.abs(Date.parse(made.expiresAt) - Date.now() - 7 * DAY)).toBeLessThan(60_000)
  expect(await look(tokenOf(made))).toEqual({
    organizationName: 'Acme',
    role: 'manager',
    invitedBy: manager.username,
    workspaces: [workspace.name],
    expiresAt: made.expiresAt,
    passwordMin: 8,
  })
  const answer = await send('invitation.accept', { token: tokenOf(made), username: 'grace', displayName: 'Grace Hopper', password: PASSWORD })
  const [cookie = ''] = String(answer.headers['set-cookie']).split(';')
  expect((await send('session.me', undefined, { cookie })).data).toMatchObject({
    user: { username: 'grace', displayName: 'Grace Hopper', role: 'manager', organizationId: acme.id },
    passwordChangeRequired: false,
    passwordSetBy: null,
  })
  const grace = (await as(ada).user.list.query({ filter: { search: 'grace' } })).rows[0]
  expect(grace).toMatchObject({ role: 'manager', workspaces: [{ id: workspace.id }] })
  expect(await nobody.session.signIn.mutate({ username: 'grace', password: PASSWORD })).toMatchObject({ user: { username: 'grace' } })
  expect((await audit(grace?.id ?? '')).map(({ action, through, actorId }) => ({ action, through, actorId }))[0]).toEqual({
    action: 'invitation.accept',
    through: 'invitation',
    actorId: grace?.id,
  })
  await isDead(made, 'used')
})

test('nothing but a hash of an invitation’s secret is kept', async () => {
  const { made } = await invited({ note: 'secret?' })
  const { rows } = await db.pool.query(`SELECT row_to_json(i)::text AS "row" FROM "invitation" i WHERE "id" = $1`, [made.id])
  expect(rows[0].row).not.toContain(tokenOf(made))
  expect(rows[0].row).not.toContain(Buffer.from(tokenOf(made)).toString('hex'))
})

test('a refused username or password gives the use back', async () => {
  const { made } = await invited()
  expect(await refusalOf(accept(tokenOf(made), 'ada'))).toEqual({ code: 'NAME_TAKEN', details: { name: 'ada', what: 'username' } })
  expect(await refusalOf(accept(tokenOf(made), fresh(), 'sunshine'))).toEqual({ code: 'PASSWORD_COMMON', details: {} })
  expect(await refusalOf(accept(tokenOf(made), 'long.name', 'Long.Name'))).toEqual({ code: 'PASSWORD_IS_USERNAME', details: {} })
  expect(await stateOf(made)).toBe('open')
  expect(await accept(tokenOf(made))).toMatchObject({ user: { role: 'default' } })
})

test('the policies on passwords, networks and second factors hold for whoever is invited', async () => {
  const { made } = await invited({ uses: 3 })
  await db.pool.query(`UPDATE "instance" SET "passwordMin" = 30, "defaultNetworks" = '{203.0.113.0/24}'`)
  expect(await refusalOf(accept(tokenOf(made)))).toEqual({ code: 'NETWORK_NOT_ALLOWED', details: { address: '127.0.0.1' } })
  await db.pool.query(`UPDATE "instance" SET "defaultNetworks" = '{}'`)
  expect(await refusalOf(accept(tokenOf(made)))).toEqual({ code: 'PASSWORD_TOO_SHORT', details: { min: 30 } })
  await db.pool.query(`UPDATE "instance" SET "passwordMin" = 8, "secondFactorRoles" = '{default}'`)
  try {
    expect(await accept(tokenOf(made))).toMatchObject({ secondFactorRequired: true })
  } finally {
    await db.pool.query(`UPDATE "instance" SET "secondFactorRoles" = '{}'`)
  }
})

test('an invitation that is sent again has a new link and a new end, and the old link is dead', async () => {
  const { manager, made } = await invited()
  await db.pool.query(`UPDATE "invitation" SET "expiresAt" = now() WHERE "id" = $1`, [made.id])
  await isDead(made, 'expired')
  const again = await as(manager).invitation.resend.mutate({ invitationId: made.id, days: 30 })
  expect(Math.abs(Date.parse(again.expiresAt) - Date.now() - 30 * DAY)).toBeLessThan(60_000)
  await isDead(made, 'open')
  expect(await look(tokenOf(again))).toMatchObject({ invitedBy: manager.username })
  await accept(tokenOf(again))
  expect(await refusalOf(as(manager).invitation.resend.mutate({ invitationId: made.id }))).toEqual({ code: 'INVITATION_INACTIVE', details: { state: 'used' } })
  expect(await refusalOf(as(manager).invitation.revoke.mutate({ invitationId: made.id }))).toEqual({ code: 'INVITATION_INACTIVE', details: { state: 'used' } })
})

test('a revoked invitation is dead for good', async () => {
  const { manager, made } = await invited()
  expect(await as(manager).invitation.revoke.mutate({ invitationId: made.id })).toEqual({ changed: true })
  expect(await as(manager).invitation.revoke.mutate({ invitationId: made.id })).toEqual({ changed: false })
  await isDead(made, 'revoked')
  expect(await refusalOf(as(manager).invitation.resend.mutate({ invitationId: made.id }))).toEqual({
    code: 'INVITATION_INACTIVE',
    details: { state: 'revoked' },
  })
})

const away = await make.organization('Away')
const sql = (text: string, ...values: unknown[]) => db.pool.query(text, values)
type Invited = Awaited<ReturnType<typeof invited>>
/** `forGood`: what was lost and is given back brings nothing back. Else it is decided when the invitation is looked at. */
const LOSSES: Record<string, { lose: (of: Invited) => Promise<unknown>; back?: (of: Invited) => Promise<unknown>; forGood?: true }> = {
  'is suspended': {
    lose: ({ manager }) => as(ada).user.suspend.mutate({ userId: manager.id }),
    back: ({ manager }) => as(ada).user.reactivate.mutate({ userId: manager.id }),
    forGood: true,
  },
  'is demoted': {
    lose: ({ manager }) => as(ada).user.setRole.mutate({ userId: manager.id, role: 'default', expected: 'manager' }),
    back: ({ manager }) => as(ada).user.setRole.mutate({ userId: manager.id, role: 'manager', expected: 'default' }),
    forGood: true,
  },
  'is deleted': { lose: ({ manager }) => as(ada).user.delete.mutate({ userId: manager.id, confirmation: manager.username }) },
  'is moved, as a manager': {
    lose: ({ manager }) => as(ada).user.move.mutate({ userId: manager.id, organizationId: away.id, expected: manager.organizationId, role: 'manager' }),
    back: ({ manager }) => as(ada).user.move.mutate({ userId: manager.id, organizationId: manager.organizationId, expected: away.id, role: 'manager' }),
    forGood: true,
  },
  'belongs to an organization that is suspended': {
    lose: ({ manager }) => as(ada).organization.suspend.mutate({ organizationId: manager.organizationId }),
    back: ({ manager }) => as(ada).organization.reactivate.mutate({ organizationId: manager.organizationId }),
  },
  'no longer reaches one of its workspaces': {
    lose: async ({ manager, workspace }) => {
      await as(ada).organization.setManagerScope.mutate({ organizationId: manager.organizationId, managerScope: 'assigned' })
      await as(ada).member.update.mutate({ workspaceId: workspace.id, remove: [manager.id] })
    },
    back: ({ manager, workspace }) => as(ada).member.update.mutate({ workspaceId: workspace.id, add: [manager.id] }),
  },
}

test.each(Object.entries(LOSSES))('an invitation is dead as soon as whoever gave it %s', async (_, { lose, back, forGood }) => {
  const { id } = await make.organization()
  const of = await invited({}, id)
  expect(await look(tokenOf(of.made))).toMatchObject({ role: 'default' })
  await sql(`UPDATE "session" SET "reauthenticatedAt" = now()`)
  await lose(of)
  await isDead(of.made, 'dead')
  if (!back) return
  await back(of)
  if (forGood) return isDead(of.made, 'dead')
  expect(await accept(tokenOf(of.made))).toMatchObject({ user: { organizationId: id } })
})

test('an invitation goes with its organization, and leads into no workspace that was deleted or is archived', async () => {
  const organization = await make.organization()
  const { manager, made, workspace } = await invited({ uses: 3 }, organization.id)
  const [shut, gone] = [await make.workspace({ organizationId: organization.id }), await make.workspace({ organizationId: organization.id })]
  const three = await as(manager).invitation.create.mutate({ workspaceIds: [workspace.id, shut.id, gone.id] })
  await as(manager).workspace.archive.mutate({ workspaceId: shut.id })
  await as(manager).workspace.delete.mutate({ workspaceId: gone.id, confirmation: gone.name })
  expect(await look(tokenOf(three))).toMatchObject({ workspaces: [workspace.name] })
  const row = (await as(manager).invitation.list.query({})).rows.find(({ id }) => id === three.id)
  expect(row).toMatchObject({
    workspaces: expect.arrayContaining([
      { id: workspace.id, name: workspace.name, archived: false },
      { id: shut.id, name: shut.name, archived: true },
    ]),
  })
  const { user } = await accept(tokenOf(three))
  expect((await as(manager).user.get.query({ userId: user.id })).workspaces.map(({ id }) => id)).toEqual([workspace.id])
  await sql(`UPDATE "session" SET "reauthenticatedAt" = now()`)
  await as(ada).organization.delete.mutate({ organizationId: organization.id, confirmation: organization.name })
  await isDead(made, undefined)
})

test('whoever sends an invitation again gives it from then on, and has to be able to give all of it', async () => {
  const organization = await make.organization()
  const { manager, workspace, made } = await invited({}, organization.id)
  const mia = await make.user({ organizationId: organization.id, role: 'manager' })
  await as(ada).organization.setManagerScope.mutate({ organizationId: organization.id, managerScope: 'assigned' })
  const again = { invitationId: made.id }
  expect((await as(mia).invitation.list.query({})).rows).toMatchObject([{ id: made.id, workspaces: [], beyondReach: true }])
  expect(await refusalOf(as(mia).invitation.resend.mutate(again))).toEqual({ code: 'INVITATION_OUT_OF_SCOPE', details: {} })
  const { rows } = await db.pool.query(`SELECT 1 FROM "refusal_count" WHERE "actorId" = $1 AND "code" = 'INVITATION_OUT_OF_SCOPE'`, [mia.id])
  expect(rows).toHaveLength(1)
  await make.members(workspace, [mia])
  const link = await as(mia).invitation.resend.mutate(again)
  await as(ada).user.setRole.mutate({ userId: manager.id, role: 'default', expected: 'manager' })
  expect(await look(tokenOf(link))).toMatchObject({ invitedBy: mia.username })
  await as(ada).user.setRole.mutate({ userId: mia.id, role: 'default', expected: 'manager' })
  await isDead({ ...made, path: link.path }, 'dead')
})

test('an administrator’s invitation of an administrator is shown to managers, who can neither send nor revoke it', async () => {
  const { manager } = await invited()
  const made = await as(ada).invitation.create.mutate({ role: 'administrator', uses: 2 })
  const refused = { code: 'CANNOT_GRANT', details: { role: 'administrator' } }
  expect((await as(manager).invitation.list.query({})).rows[0]).toMatchObject({ id: made.id, role: 'administrator', state: 'open' })
  expect(await refusalOf(as(manager).invitation.resend.mutate({ invitationId: made.id }))).toEqual(refused)
  expect(await refusalOf(as(manager).invitation.revoke.mutate({ invitationId: made.id }))).toEqual(refused)
  expect(await refusalOf(as(manager).invitation.create.mutate({ role: 'administrator' }))).toEqual(refused)
  expect(await as(ada).invitation.revoke.mutate({ invitationId: made.id })).toEqual({ changed: true })
})

test('a manager invites into workspaces of their scope alone, and nobody into an archived one', async () => {
  const { manager } = await invited()
  const [theirs, shut] = [await make.workspace({ organizationId: away.id }), await make.workspace({ organizationId: acme.id, archived: true })]
  const create = (workspaceId: string) => refusalOf(as(manager).invitation.create.mutate({ workspaceIds: [workspaceId] }))
  expect(await create(theirs.id)).toEqual({ code: 'UNKNOWN_IDS', details: { what: 'workspace', ids: [theirs.id] } })
  expect(await create(shut.id)).toEqual({ code: 'WORKSPACE_ARCHIVED', details: { name: shut.name } })
  expect(await refusalOf(as(manager).invitation.create.mutate({ organizationId: away.id }))).toEqual({ code: 'NOT_FOUND', details: { what: 'organization' } })
  const made = await as(ada).invitation.create.mutate({ organizationId: away.id, role: 'manager', workspaceIds: [theirs.id] })
  expect(await accept(tokenOf(made))).toMatchObject({ user: { organizationId: away.id, role: 'manager' } })
})

test('the list is filtered by state, counted, and read page by page, newest first', async () => {
  const organization = await make.organization()
  const mia = await make.user({ organizationId: organization.id, role: 'manager' })
  const made: Made[] = []
  for (let i = 0; i < 30; i++) made.push(await as(mia).invitation.create.mutate({ note: `No. ${i}` }))
  await as(mia).invitation.revoke.mutate({ invitationId: made[3]?.id ?? '' })
  const first = await as(mia).invitation.list.query({})
  expect(first.total).toEqual({ count: 30, more: false })
  expect(first.rows.map(({ id }) => id)).toEqual(
    made
      .slice(5)
      .map(({ id }) => id)
      .reverse(),
  )
  const second = await as(mia).invitation.list.query({ page: { after: first.after ?? '' } })
  expect(second.rows.map(({ id }) => id)).toEqual(
    made
      .slice(0, 5)
      .map(({ id }) => id)
      .reverse(),
  )
  expect((await as(mia).invitation.list.query({ page: { before: second.before ?? '' } })).rows).toEqual(first.rows)
  expect((await as(mia).invitation.list.query({ state: 'revoked' })).rows).toMatchObject([{ id: made[3]?.id, note: 'No. 3' }])
  expect((await as(mia).invitation.list.query({ state: 'open' })).total).toEqual({ count: 29, more: false })
})

test('who invited is named to those who see them, and to nobody of another organization', async () => {
  const [home, away] = [await make.organization(), await make.organization()]
  const [max, moved] = [await make.user({ organizationId: home.id, role: 'manager' }), await make.user({ organizationId: home.id, role: 'manager' })]
  await as(moved).invitation.create.mutate({})
  await as(ada).invitation.create.mutate({ organizationId: home.id })
  await as(max).invitation.create.mutate({})
  await as(ada).user.move.mutate({ userId: moved.id, organizationId: away.id, expected: home.id, role: 'default' })
  const creators = async (reader: { id: string }) =>
    (await as(reader).invitation.list.query({ organizationId: home.id })).rows.map(({ createdBy }) => createdBy?.id ?? null)
  expect(await creators(max)).toEqual([max.id, null, null])
  expect(await creators(ada)).toEqual([max.id, ada.id, moved.id])
})

test('a taken name is told before what is wrong with the password', async () => {
  const { manager, made } = await invited()
  expect(await refusalOf(accept(tokenOf(made), manager.username, 'password1'))).toMatchObject({ code: 'NAME_TAKEN' })
})
