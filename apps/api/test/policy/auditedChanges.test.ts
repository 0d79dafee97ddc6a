import { randomBytes, randomUUID } from 'node:crypto'
import { flushRefusals } from '@roster/db'
import { AUDITED_FIELDS, type ChangingProcedure, invalidatedBy } from '@roster/domain'
import { expect, test } from 'vitest'
import { hashPassword } from '../../src/password/hash.ts'
import { testInstance } from '../support/instance.ts'
import { sender } from '../support/send.ts'
import { type InputTargets, PASSWORD, validInputs } from '../support/validInputs.ts'

const { app, make, db } = await testInstance()
const send = sender(app)
const passwordHash = await hashPassword(PASSWORD)
const acme = await make.organization('Acme')
await make.user({ organizationId: acme.id, role: 'administrator', passwordHash })

/** The number of events a call writes, and the rows and input it needs to change something. */
interface ChangeCase {
  events: number
  before?: (targets: InputTargets, actor: { id: string }, otherOrganization: { id: string }) => Promise<unknown>
  input?: (targets: InputTargets, otherOrganization: { id: string; name: string }) => object
}
const sql = (text: string, values: unknown[]) => db.pool.query(text, values)
const join = ({ workspace }: InputTargets, user: { id: string }) =>
  make.members({ id: workspace.id, organizationId: acme.id }, [user])
const totp = (userId: string) =>
  sql(`INSERT INTO "totp" ("userId", "secret", "confirmedAt") VALUES ($1, '\\x00', now())`, [userId])
const passkeyId = randomUUID()
const passkey = (userId: string) =>
  sql(
    `INSERT INTO "passkey" ("id", "userId", "credentialId", "publicKey", "counter", "backedUp", "name") VALUES ($1, $2, $3, '\\x00', 0, FALSE, 'Key')
       ON CONFLICT ("id") DO UPDATE SET "userId" = $2`,
    [passkeyId, userId, randomBytes(16)],
  )
const invitationId = randomUUID()
const invitation = ({ organizationId }: InputTargets, createdById: string) =>
  sql(
    `INSERT INTO "invitation" ("id", "organizationId", "tokenHash", "role", "createdById", "expiresAt") VALUES ($1, $2, $3, 'default', $4, now() + interval '1 day')
       ON CONFLICT ("id") DO UPDATE SET "createdById" = $4`,
    [invitationId, organizationId, randomBytes(32), createdById],
  )
const requestId = randomUUID()
const request = ({ organizationId, workspace }: InputTargets, requestedById: string) =>
  sql(
    `INSERT INTO "member_request" ("id", "organizationId", "workspaceId", "requestedById", "colleague") VALUES ($1, $2, $3, $4, 'Grace')
       ON CONFLICT ("id") DO UPDATE SET "workspaceId" = $3, "requestedById" = $4`,
    [requestId, organizationId, workspace.id, requestedById],
  )
const importId = randomUUID()
async function readyImport({ id }: { id: string }) {
  const columns = `("id", "organizationId", "fileName", "createdById", "status", "credential", "rowCount")`
  await sql(`DELETE FROM "import" WHERE "id" = $1`, [importId])
  await sql(`INSERT INTO "import" ${columns} VALUES ($1, $2, 'users.csv', $3, 'ready', 'link', 1)`, [
    importId,
    acme.id,
    id,
  ])
  const values = {
    username: 'ann.imported',
    displayName: 'Ann',
    about: '',
    role: '',
    workspaces: '',
    dailyLimit: '',
    extra: [],
  }
  return sql(`INSERT INTO "import_row" VALUES ($1, 1, $2, 'create')`, [importId, values])
}

/**
 * Calls that start or prove something, or last as long as a connection, write no event. The calls that finish an
 * enrolment are tested in factor/factor.router.test.ts.
 */
type Excluded =
  | 'connection.watch'
  | 'session.beginReauthentication'
  | 'session.reauthenticate'
  | 'factor.beginTotp'
  | 'factor.beginPasskey'
  | 'factor.confirmTotp'
  | 'factor.addPasskey'
const CHANGES: Record<Exclude<ChangingProcedure, Excluded>, ChangeCase> = {
  'session.signOut': { events: 1 },
  'session.changePassword': { events: 1 },
  'session.acknowledge': {
    events: 1,
    before: (_, { id }) =>
      sql(`UPDATE "user" SET "passwordSetById" = $1, "passwordSetAt" = now() WHERE "id" = $1`, [id]),
  },
  'session.end': { events: 1 },
  'factor.removeTotp': { events: 1, before: (_, { id }) => totp(id) },
  'factor.renamePasskey': {
    events: 1,
    before: (_, { id }) => passkey(id),
    input: () => ({ passkeyId, name: 'Red key' }),
  },
  'factor.removePasskey': { events: 1, before: (_, { id }) => passkey(id), input: () => ({ passkeyId }) },
  'factor.replaceRecoveryCodes': {
    events: 1,
    before: (_, { id }) => sql(`UPDATE "user" SET "secondFactor" = TRUE WHERE "id" = $1`, [id]),
  },
  'user.resetFactor': { events: 1, before: ({ user }) => totp(user.id) },
  'profile.update': { events: 1 },
  'setup.nameInstance': { events: 1 },
  'system.update': {
    events: 1,
    before: () =>
      sql(`UPDATE "instance" SET "name" = 'Roster', "supportAddress" = NULL, "defaultTimeZone" = 'UTC'`, []),
  },
  'security.update': { events: 1 },
  'organization.create': { events: 1 },
  'organization.rename': { events: 1 },
  'organization.setTimeZone': { events: 1 },
  'organization.setManagerScope': {
    events: 1,
    input: (_, { id }) => ({ organizationId: id, managerScope: 'assigned' }),
  },
  'organization.setOversight': { events: 1 },
  'organization.suspend': { events: 1, input: (_, { id }) => ({ organizationId: id }) },
  'organization.reactivate': {
    events: 1,
    before: (_targets, _actor, { id }) => sql(`UPDATE "organization" SET "status" = 'suspended' WHERE "id" = $1`, [id]),
    input: (_, { id }) => ({ organizationId: id }),
  },
  'organization.delete': { events: 1, input: (_, { id, name }) => ({ organizationId: id, confirmation: name }) },
  // One event for each organization, so that the managers of both see it.
  'user.move': {
    events: 2,
    input: ({ user }, { id }) => ({ userId: user.id, organizationId: id, expected: acme.id, role: 'default' }),
  },
  'user.create': { events: 1 },
  'user.update': { events: 1 },
  'user.setLimit': { events: 1 },
  'user.setRole': {
    events: 1,
    before: ({ user }) => sql(`UPDATE "user" SET "role" = 'manager' WHERE "id" = $1`, [user.id]),
    input: ({ user }) => ({ userId: user.id, role: 'default', expected: 'manager' }),
  },
  'user.setPassword': { events: 1 },
  'user.suspend': { events: 1 },
  'user.reactivate': {
    events: 1,
    before: ({ user }) => sql(`UPDATE "user" SET "status" = 'suspended' WHERE "id" = $1`, [user.id]),
  },
  'user.delete': { events: 1, before: (targets) => join(targets, targets.user) },
  'user.signOut': { events: 1, before: ({ user }) => make.session(user) },
  'user.endSession': {
    events: 1,
    before: ({ user, sessionId }) => sql(`UPDATE "session" SET "userId" = $1 WHERE "id" = $2`, [user.id, sessionId]),
  },
  'user.createLink': { events: 1 },
  'user.applyBulk': { events: 1 },
  'import.create': { events: 1 },
  'import.run': {
    events: 1,
    before: (_, actor) => readyImport(actor),
    input: () => ({ importId, rows: [{ number: 1 }] }),
  },
  'import.discard': { events: 1, before: (_, actor) => readyImport(actor), input: () => ({ importId }) },
  'workspace.create': { events: 1 },
  'workspace.rename': { events: 1 },
  'workspace.archive': { events: 1 },
  'workspace.restore': {
    events: 1,
    before: ({ workspace }) => sql(`UPDATE "workspace" SET "archivedAt" = now() WHERE "id" = $1`, [workspace.id]),
  },
  'workspace.delete': { events: 1, before: (targets) => join(targets, targets.user) },
  'member.update': { events: 2, input: ({ workspace, user }) => ({ workspaceId: workspace.id, add: [user.id] }) },
  'member.setExpiry': { events: 1, before: (targets) => join(targets, targets.user) },
  'member.leave': { events: 1, before: join },
  'invitation.create': { events: 1 },
  'invitation.resend': {
    events: 1,
    before: (targets, { id }) => invitation(targets, id),
    input: () => ({ invitationId }),
  },
  'invitation.revoke': {
    events: 1,
    before: (targets, { id }) => invitation(targets, id),
    input: () => ({ invitationId }),
  },
  'request.create': { events: 1, before: join },
  'request.withdraw': { events: 1, before: (targets, { id }) => request(targets, id), input: () => ({ requestId }) },
  // The decision, the member update, and the added member.
  'request.decide': {
    events: 3,
    before: (targets, { id }) => request(targets, id),
    input: ({ workspace, user }) => ({
      workspaceId: workspace.id,
      requestId,
      decision: { kind: 'accept', userId: user.id },
    }),
  },
}

/** The action that a call on many rows records for each row. */
const ROW_ACTION: Partial<Record<ChangingProcedure, ChangingProcedure>> = {
  'user.applyBulk': 'user.suspend',
  'import.run': 'user.create',
}

interface AuditEventRow {
  id: string
  transaction: string
  action: string
  outcome: string
  actorId: string
  before: object | null
  after: object | null
}
async function events(): Promise<AuditEventRow[]> {
  const { rows } = await db.pool.query<AuditEventRow>(
    `SELECT e."id", e.xmin::text AS "transaction", e."action", e."outcome", e."actorId", t."before", t."after" FROM "audit_event" e LEFT JOIN "audit_text" t ON t."eventId" = e."id"`,
  )
  return rows
}
const outboxEvents = async () =>
  (
    await db.pool.query<{ id: string; transaction: string; capability: string }>(
      `SELECT "id", "xid"::text AS "transaction", "capability" FROM "outbox_event"`,
    )
  ).rows

test.each(Object.entries(CHANGES) as [ChangingProcedure, ChangeCase][])(
  '%s writes its audit events and outbox events in the transaction of the change, with audited fields only',
  async (procedure, { events: expected, before, input }) => {
    const actor = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash })
    const { cookie } = await make.session(actor)
    const other = await make.session(actor)
    const [user, workspace] = [
      await make.user({ organizationId: acme.id }),
      await make.workspace({ organizationId: acme.id }),
    ]
    const targets: InputTargets = { user, workspace, sessionId: other.id, organizationId: acme.id }
    const otherOrganization = await make.organization()
    await before?.(targets, actor, otherOrganization)
    const call: Record<string, unknown> = {
      ...(input?.(targets, otherOrganization) ?? validInputs(procedure, targets)[0]),
    }
    if (procedure === 'user.applyBulk') {
      const { token: _, ...previewed } = call
      call['token'] = ((await send('user.previewBulk', previewed, { cookie })).data as { token: string }).token
    }
    const known = new Set([...(await events()), ...(await outboxEvents())].map(({ id }) => id))

    expect(await send(procedure, call, { cookie })).toMatchObject({ status: 200 })
    const written = (await events()).filter(({ id }) => !known.has(id))
    const published = (await outboxEvents()).filter(({ id }) => !known.has(id))
    expect(written).toHaveLength(expected)
    for (const event of written) {
      expect(event).toMatchObject({ outcome: 'allowed', actorId: actor.id })
      for (const field of Object.keys({ ...event.before, ...event.after })) expect(AUDITED_FIELDS).toContain(field)
    }
    // A bulk call records the action of each row.
    expect(written.map(({ action }) => action)).toContain(ROW_ACTION[procedure] ?? procedure)
    const invalidated: readonly string[] = invalidatedBy(ROW_ACTION[procedure] ?? procedure)
    expect(new Set(published.map(({ capability }) => capability))).toEqual(new Set(invalidated))
    expect(new Set([...written, ...published].map(({ transaction }) => transaction)).size).toBe(1)

    if (procedure === 'session.signOut') return
    const knownAfter = new Set((await events()).map(({ id }) => id))
    const { status } = await send(procedure, call, { cookie })
    if (status !== 200) expect((await events()).filter(({ id }) => !knownAfter.has(id))).toEqual([])
  },
)

test('counts policy refusals in one row per user, action, code and minute, which becomes one event', async () => {
  const max = await make.user({ organizationId: acme.id, username: 'max', role: 'manager' })
  const ada = await make.user({ organizationId: acme.id, role: 'administrator' })
  const session = await make.session(max)
  await db.pool.query(`DELETE FROM "refusal_count"`)
  for (let i = 0; i < 3; i++) await send('user.suspend', { userId: ada.id }, session)
  await send('user.suspend', { userId: max.id }, session)
  await send('setup.checklist', {}, session)
  await send('user.suspend', { userId: 7 }, session)
  await db.pool.query(`UPDATE "refusal_count" SET "minute" = "minute" - interval '2 minutes'`)
  const known = new Set((await events()).map(({ id }) => id))
  expect(await flushRefusals(db.prisma)).toBe(2)
  expect((await db.pool.query(`SELECT 1 FROM "refusal_count"`)).rowCount).toBe(0)
  const { rows } = await db.pool.query(
    `SELECT "id", "action", "code", "count", "outcome", "actorId", "targetId" FROM "audit_event"`,
  )
  const flushed = rows.filter(({ id }) => !known.has(id)).sort((a, b) => b.count - a.count)
  expect(flushed).toMatchObject([
    {
      action: 'user.suspend',
      code: 'TARGET_NOT_ALLOWED',
      count: 4,
      outcome: 'refused',
      actorId: max.id,
      targetId: ada.id,
    },
    { action: 'setup.checklist', code: 'ROLE_LACKS_ACTION', count: 1, outcome: 'refused', actorId: max.id },
  ])
})

test('counts failed sign-ins by address and by the named user, without the typed name', async () => {
  const { id: userId } = await make.user({ organizationId: acme.id, username: 'max.the.second' })
  await db.pool.query(`DELETE FROM "refusal_count"`)
  for (const username of ['unknown.one', 'max.the.second', 'unknown.two'])
    await send('session.signIn', { username, password: 'wrong' })
  const { rows } = await db.pool.query(`SELECT * FROM "refusal_count" ORDER BY "subject"`)
  const failed = { action: 'session.signIn', code: 'INVALID_CREDENTIALS', actorId: null, actorName: null }
  expect(rows).toMatchObject([
    { ...failed, subject: '127.0.0.1', count: 2, targetId: null, organizationId: null },
    { ...failed, subject: `127.0.0.1 ${userId}`, count: 1, targetId: userId, organizationId: acme.id },
  ])
  expect(JSON.stringify(rows)).not.toMatch(/unknown|max/u)
})
