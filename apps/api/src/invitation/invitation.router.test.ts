import type { InvitationState } from '@roster/domain'
import { afterEach, expect, test } from 'vitest'
import { fingerprint } from '../../test/support/fingerprint.ts'
import { refusalOf, testInstance } from '../../test/support/instance.ts'
import { sender } from '../../test/support/send.ts'

const { app, make, as, anonymous, db, audit } = await testInstance()
const send = sender(app)
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const PASSWORD = 'a password of my own'
const INVALID = { code: 'INVALID_LINK', details: {} }
const DAY = 24 * 60 * 60 * 1000
let names = 0

// Attempts are rate-limited by address, and all tests share one address.
afterEach(() => db.pool.query(`DELETE FROM "rate_limit"`))

type Created = { id: string; path: string }
const tokenOf = ({ path }: Created) => path.replace('/invitation#', '')
const newUsername = () => `guest-${++names}`
const accept = (token: string, username = newUsername(), password = PASSWORD) =>
  anonymous.invitation.accept.mutate({ token, username, password })
const inspect = (token: string) => anonymous.invitation.inspect.mutate({ token })
const stateOf = async ({ id }: Created): Promise<InvitationState | undefined> =>
  (await as(ada).invitation.list.query({ page: { size: 50 } })).rows.find((row) => row.id === id)?.state

/** Neither inspection nor acceptance works, both change nothing, and the list shows the state. */
async function expectInvalid(invitation: Created, state: InvitationState | undefined): Promise<void> {
  const before = await fingerprint(db)
  expect(await refusalOf(inspect(tokenOf(invitation)))).toEqual(INVALID)
  expect(await refusalOf(accept(tokenOf(invitation)))).toEqual(INVALID)
  expect(await fingerprint(db)).toEqual(before)
  expect(await stateOf(invitation)).toBe(state)
}

/** Creates a manager, a workspace with the manager as member, and the manager's invitation into it. */
async function invite(input: object = {}, organizationId = acme.id) {
  const manager = await make.user({ organizationId, role: 'manager' })
  const workspace = await make.workspace({ organizationId })
  await make.members(workspace, [manager])
  const invitation = await as(manager).invitation.create.mutate({ workspaceIds: [workspace.id], ...input })
  return { manager, workspace, invitation }
}

test('creates an account with the invitation’s role, organization and workspaces, and signs it in', async () => {
  const { manager, workspace, invitation } = await invite({ role: 'manager', note: 'The new lead' })
  expect(Math.abs(Date.parse(invitation.expiresAt) - Date.now() - 7 * DAY)).toBeLessThan(60_000)
  expect(await inspect(tokenOf(invitation))).toEqual({
    organizationName: 'Acme',
    role: 'manager',
    invitedBy: manager.username,
    workspaces: [workspace.name],
    expiresAt: invitation.expiresAt,
    passwordMin: 8,
  })
  const answer = await send('invitation.accept', {
    token: tokenOf(invitation),
    username: 'grace',
    displayName: 'Grace Hopper',
    password: PASSWORD,
  })
  const [cookie = ''] = String(answer.headers['set-cookie']).split(';')
  expect((await send('session.me', undefined, { cookie })).data).toMatchObject({
    user: { username: 'grace', displayName: 'Grace Hopper', role: 'manager', organizationId: acme.id },
    passwordChangeRequired: false,
    passwordSetBy: null,
  })
  const grace = (await as(ada).user.list.query({ filter: { search: 'grace' } })).rows[0]
  expect(grace).toMatchObject({ role: 'manager', workspaces: [{ id: workspace.id }] })
  expect(await anonymous.session.signIn.mutate({ username: 'grace', password: PASSWORD })).toMatchObject({
    user: { username: 'grace' },
  })
  expect(
    (await audit(grace?.id ?? '')).map(({ action, through, actorId }) => ({ action, through, actorId }))[0],
  ).toEqual({
    action: 'invitation.accept',
    through: 'invitation',
    actorId: grace?.id,
  })
  await expectInvalid(invitation, 'used')
})

test('stores only a hash of the invitation’s token', async () => {
  const { invitation } = await invite({ note: 'secret?' })
  const { rows } = await db.pool.query(`SELECT row_to_json(i)::text AS "row" FROM "invitation" i WHERE "id" = $1`, [
    invitation.id,
  ])
  expect(rows[0].row).not.toContain(tokenOf(invitation))
  expect(rows[0].row).not.toContain(Buffer.from(tokenOf(invitation)).toString('hex'))
})

test('keeps the use when the username or password is refused', async () => {
  const { invitation } = await invite()
  expect(await refusalOf(accept(tokenOf(invitation), 'ada'))).toEqual({
    code: 'NAME_TAKEN',
    details: { name: 'ada', what: 'username' },
  })
  expect(await refusalOf(accept(tokenOf(invitation), newUsername(), 'sunshine'))).toEqual({
    code: 'PASSWORD_COMMON',
    details: {},
  })
  expect(await refusalOf(accept(tokenOf(invitation), 'long.name', 'Long.Name'))).toEqual({
    code: 'PASSWORD_IS_USERNAME',
    details: {},
  })
  expect(await stateOf(invitation)).toBe('open')
  expect(await accept(tokenOf(invitation))).toMatchObject({ user: { role: 'default' } })
})

test('applies password, network and second-factor policies to the new account', async () => {
  const { invitation } = await invite({ uses: 3 })
  await db.pool.query(`UPDATE "instance" SET "passwordMin" = 30, "defaultNetworks" = '{203.0.113.0/24}'`)
  expect(await refusalOf(accept(tokenOf(invitation)))).toEqual({
    code: 'NETWORK_NOT_ALLOWED',
    details: { address: '127.0.0.1' },
  })
  await db.pool.query(`UPDATE "instance" SET "defaultNetworks" = '{}'`)
  expect(await refusalOf(accept(tokenOf(invitation)))).toEqual({ code: 'PASSWORD_TOO_SHORT', details: { min: 30 } })
  await db.pool.query(`UPDATE "instance" SET "passwordMin" = 8, "secondFactorRoles" = '{default}'`)
  try {
    expect(await accept(tokenOf(invitation))).toMatchObject({ secondFactorRequired: true })
  } finally {
    await db.pool.query(`UPDATE "instance" SET "secondFactorRoles" = '{}'`)
  }
})

test('resending creates a new link and expiry, and invalidates the old link', async () => {
  const { manager, invitation } = await invite()
  await db.pool.query(`UPDATE "invitation" SET "expiresAt" = now() WHERE "id" = $1`, [invitation.id])
  await expectInvalid(invitation, 'expired')
  const again = await as(manager).invitation.resend.mutate({ invitationId: invitation.id, days: 30 })
  expect(Math.abs(Date.parse(again.expiresAt) - Date.now() - 30 * DAY)).toBeLessThan(60_000)
  await expectInvalid(invitation, 'open')
  expect(await inspect(tokenOf(again))).toMatchObject({ invitedBy: manager.username })
  await accept(tokenOf(again))
  expect(await refusalOf(as(manager).invitation.resend.mutate({ invitationId: invitation.id }))).toEqual({
    code: 'INVITATION_INACTIVE',
    details: { state: 'used' },
  })
  expect(await refusalOf(as(manager).invitation.revoke.mutate({ invitationId: invitation.id }))).toEqual({
    code: 'INVITATION_INACTIVE',
    details: { state: 'used' },
  })
})

test('rejects a revoked invitation for good', async () => {
  const { manager, invitation } = await invite()
  expect(await as(manager).invitation.revoke.mutate({ invitationId: invitation.id })).toEqual({ changed: true })
  expect(await as(manager).invitation.revoke.mutate({ invitationId: invitation.id })).toEqual({ changed: false })
  await expectInvalid(invitation, 'revoked')
  expect(await refusalOf(as(manager).invitation.resend.mutate({ invitationId: invitation.id }))).toEqual({
    code: 'INVITATION_INACTIVE',
    details: { state: 'revoked' },
  })
})

const away = await make.organization('Away')
const sql = (text: string, ...values: unknown[]) => db.pool.query(text, values)
type Setup = Awaited<ReturnType<typeof invite>>
/**
 * Ways to take the inviter's permission away and restore it. `forGood`: restoring it does not make the invitation valid
 * again.
 */
const LOSSES: Record<
  string,
  { lose: (setup: Setup) => Promise<unknown>; restore?: (setup: Setup) => Promise<unknown>; forGood?: true }
> = {
  'is suspended': {
    lose: ({ manager }) => as(ada).user.suspend.mutate({ userId: manager.id }),
    restore: ({ manager }) => as(ada).user.reactivate.mutate({ userId: manager.id }),
    forGood: true,
  },
  'is demoted': {
    lose: ({ manager }) => as(ada).user.setRole.mutate({ userId: manager.id, role: 'default', expected: 'manager' }),
    restore: ({ manager }) => as(ada).user.setRole.mutate({ userId: manager.id, role: 'manager', expected: 'default' }),
    forGood: true,
  },
  'is deleted': {
    lose: ({ manager }) => as(ada).user.delete.mutate({ userId: manager.id, confirmation: manager.username }),
  },
  'is moved, as a manager': {
    lose: ({ manager }) =>
      as(ada).user.move.mutate({
        userId: manager.id,
        organizationId: away.id,
        expected: manager.organizationId,
        role: 'manager',
      }),
    restore: ({ manager }) =>
      as(ada).user.move.mutate({
        userId: manager.id,
        organizationId: manager.organizationId,
        expected: away.id,
        role: 'manager',
      }),
    forGood: true,
  },
  'belongs to an organization that is suspended': {
    lose: ({ manager }) => as(ada).organization.suspend.mutate({ organizationId: manager.organizationId }),
    restore: ({ manager }) => as(ada).organization.reactivate.mutate({ organizationId: manager.organizationId }),
  },
  'loses access to one of its workspaces': {
    lose: async ({ manager, workspace }) => {
      await as(ada).organization.setManagerScope.mutate({
        organizationId: manager.organizationId,
        managerScope: 'assigned',
      })
      await as(ada).member.update.mutate({ workspaceId: workspace.id, remove: [manager.id] })
    },
    restore: ({ manager, workspace }) => as(ada).member.update.mutate({ workspaceId: workspace.id, add: [manager.id] }),
  },
}

test.each(Object.entries(LOSSES))(
  'rejects an invitation once its inviter %s',
  async (_, { lose, restore, forGood }) => {
    const { id } = await make.organization()
    const setup = await invite({}, id)
    expect(await inspect(tokenOf(setup.invitation))).toMatchObject({ role: 'default' })
    await sql(`UPDATE "session" SET "reauthenticatedAt" = now()`)
    await lose(setup)
    await expectInvalid(setup.invitation, 'dead')
    if (!restore) return
    await restore(setup)
    if (forGood) return expectInvalid(setup.invitation, 'dead')
    expect(await accept(tokenOf(setup.invitation))).toMatchObject({ user: { organizationId: id } })
  },
)

test('is deleted with its organization, and adds no member to a deleted or archived workspace', async () => {
  const organization = await make.organization()
  const { manager, invitation, workspace } = await invite({ uses: 3 }, organization.id)
  const [archived, deleted] = [
    await make.workspace({ organizationId: organization.id }),
    await make.workspace({ organizationId: organization.id }),
  ]
  const three = await as(manager).invitation.create.mutate({ workspaceIds: [workspace.id, archived.id, deleted.id] })
  await as(manager).workspace.archive.mutate({ workspaceId: archived.id })
  await as(manager).workspace.delete.mutate({ workspaceId: deleted.id, confirmation: deleted.name })
  expect(await inspect(tokenOf(three))).toMatchObject({ workspaces: [workspace.name] })
  const row = (await as(manager).invitation.list.query({})).rows.find(({ id }) => id === three.id)
  expect(row).toMatchObject({
    workspaces: expect.arrayContaining([
      { id: workspace.id, name: workspace.name, archived: false },
      { id: archived.id, name: archived.name, archived: true },
    ]),
  })
  const { user } = await accept(tokenOf(three))
  expect((await as(manager).user.get.query({ userId: user.id })).workspaces.map(({ id }) => id)).toEqual([workspace.id])
  await sql(`UPDATE "session" SET "reauthenticatedAt" = now()`)
  await as(ada).organization.delete.mutate({ organizationId: organization.id, confirmation: organization.name })
  await expectInvalid(invitation, undefined)
})

test('makes the user who resends an invitation its inviter, and requires that they may grant all of it', async () => {
  const organization = await make.organization()
  const { manager, workspace, invitation } = await invite({}, organization.id)
  const mia = await make.user({ organizationId: organization.id, role: 'manager' })
  await as(ada).organization.setManagerScope.mutate({ organizationId: organization.id, managerScope: 'assigned' })
  const again = { invitationId: invitation.id }
  expect((await as(mia).invitation.list.query({})).rows).toMatchObject([
    { id: invitation.id, workspaces: [], beyondReach: true },
  ])
  expect(await refusalOf(as(mia).invitation.resend.mutate(again))).toEqual({
    code: 'INVITATION_OUT_OF_SCOPE',
    details: {},
  })
  const { rows } = await db.pool.query(
    `SELECT 1 FROM "refusal_count" WHERE "actorId" = $1 AND "code" = 'INVITATION_OUT_OF_SCOPE'`,
    [mia.id],
  )
  expect(rows).toHaveLength(1)
  await make.members(workspace, [mia])
  const link = await as(mia).invitation.resend.mutate(again)
  await as(ada).user.setRole.mutate({ userId: manager.id, role: 'default', expected: 'manager' })
  expect(await inspect(tokenOf(link))).toMatchObject({ invitedBy: mia.username })
  await as(ada).user.setRole.mutate({ userId: mia.id, role: 'default', expected: 'manager' })
  await expectInvalid({ ...invitation, path: link.path }, 'dead')
})

test('shows an administrator invitation to managers, and refuses them to resend or revoke it', async () => {
  const { manager } = await invite()
  const invitation = await as(ada).invitation.create.mutate({ role: 'administrator', uses: 2 })
  const refused = { code: 'CANNOT_GRANT', details: { role: 'administrator' } }
  expect((await as(manager).invitation.list.query({})).rows[0]).toMatchObject({
    id: invitation.id,
    role: 'administrator',
    state: 'open',
  })
  expect(await refusalOf(as(manager).invitation.resend.mutate({ invitationId: invitation.id }))).toEqual(refused)
  expect(await refusalOf(as(manager).invitation.revoke.mutate({ invitationId: invitation.id }))).toEqual(refused)
  expect(await refusalOf(as(manager).invitation.create.mutate({ role: 'administrator' }))).toEqual(refused)
  expect(await as(ada).invitation.revoke.mutate({ invitationId: invitation.id })).toEqual({ changed: true })
})

test('refuses invitations into workspaces outside the manager’s scope and into archived ones', async () => {
  const { manager } = await invite()
  const [foreign, archived] = [
    await make.workspace({ organizationId: away.id }),
    await make.workspace({ organizationId: acme.id, archived: true }),
  ]
  const create = (workspaceId: string) =>
    refusalOf(as(manager).invitation.create.mutate({ workspaceIds: [workspaceId] }))
  expect(await create(foreign.id)).toEqual({ code: 'UNKNOWN_IDS', details: { what: 'workspace', ids: [foreign.id] } })
  expect(await create(archived.id)).toEqual({ code: 'WORKSPACE_ARCHIVED', details: { name: archived.name } })
  expect(await refusalOf(as(manager).invitation.create.mutate({ organizationId: away.id }))).toEqual({
    code: 'NOT_FOUND',
    details: { what: 'organization' },
  })
  const invitation = await as(ada).invitation.create.mutate({
    organizationId: away.id,
    role: 'manager',
    workspaceIds: [foreign.id],
  })
  expect(await accept(tokenOf(invitation))).toMatchObject({ user: { organizationId: away.id, role: 'manager' } })
})

test('lists invitations newest first, with state filter, count and pages', async () => {
  const organization = await make.organization()
  const mia = await make.user({ organizationId: organization.id, role: 'manager' })
  const invitations: Created[] = []
  for (let i = 0; i < 30; i++) invitations.push(await as(mia).invitation.create.mutate({ note: `No. ${i}` }))
  await as(mia).invitation.revoke.mutate({ invitationId: invitations[3]?.id ?? '' })
  const first = await as(mia).invitation.list.query({})
  expect(first.total).toEqual({ count: 30, more: false })
  expect(first.rows.map(({ id }) => id)).toEqual(
    invitations
      .slice(5)
      .map(({ id }) => id)
      .reverse(),
  )
  const second = await as(mia).invitation.list.query({ page: { after: first.after ?? '' } })
  expect(second.rows.map(({ id }) => id)).toEqual(
    invitations
      .slice(0, 5)
      .map(({ id }) => id)
      .reverse(),
  )
  expect((await as(mia).invitation.list.query({ page: { before: second.before ?? '' } })).rows).toEqual(first.rows)
  expect((await as(mia).invitation.list.query({ state: 'revoked' })).rows).toMatchObject([
    { id: invitations[3]?.id, note: 'No. 3' },
  ])
  expect((await as(mia).invitation.list.query({ state: 'open' })).total).toEqual({ count: 29, more: false })
})

test('names the inviter only to readers who may see that user', async () => {
  const [home, away] = [await make.organization(), await make.organization()]
  const [max, moved] = [
    await make.user({ organizationId: home.id, role: 'manager' }),
    await make.user({ organizationId: home.id, role: 'manager' }),
  ]
  await as(moved).invitation.create.mutate({})
  await as(ada).invitation.create.mutate({ organizationId: home.id })
  await as(max).invitation.create.mutate({})
  await as(ada).user.move.mutate({ userId: moved.id, organizationId: away.id, expected: home.id, role: 'default' })
  const creators = async (reader: { id: string }) =>
    (await as(reader).invitation.list.query({ organizationId: home.id })).rows.map(
      ({ createdBy }) => createdBy?.id ?? null,
    )
  expect(await creators(max)).toEqual([max.id, null, null])
  expect(await creators(ada)).toEqual([max.id, ada.id, moved.id])
})

test('reports a taken username before an invalid password', async () => {
  const { manager, invitation } = await invite()
  expect(await refusalOf(accept(tokenOf(invitation), manager.username, 'password1'))).toMatchObject({
    code: 'NAME_TAKEN',
  })
})
