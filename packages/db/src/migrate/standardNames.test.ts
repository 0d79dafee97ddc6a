import { randomUUID } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AUDITED_FIELDS,
  type AuditAction,
  type FieldIssue,
  fieldIssue,
  PROCEDURES,
  RECORDED_REFUSALS,
  type Refusal,
  ROUTES,
  SIGN_IN_ACTIONS,
  sentence,
  type Visibility,
} from '@roster/domain'
import pg from 'pg'
import { afterAll, beforeEach, expect, inject, test } from 'vitest'
import { MIGRATIONS_FOLDER } from '../../scripts/schema-engine.ts'
import { listActivity } from '../audit/activity.ts'
import { connect } from '../client/client.ts'
import { userOf, withClient } from '../client/connection.ts'
import { findImport, listImportRows } from '../import/import.ts'
import { listSignIns } from '../session/signIn.ts'
import { createTestDatabase } from '../testing/testing.ts'
import { migrate } from './migrate.ts'

// Applies the migration of stored names to a database of the last release. It must have today's names afterwards, and
// no other change.

const MIGRATION = '20261201000000_standard_names'
const { url, name } = await createTestDatabase()
const { adminUrl } = inject('testServer')
const folder = await mkdtemp(join(tmpdir(), 'roster-standard-names-'))
const pool = new pg.Pool({ connectionString: url })
pool.on('error', () => undefined)
afterAll(() => Promise.all([pool.end(), rm(folder, { recursive: true })]))

/** Every action that the last release wrote, with its name today. */
const ACTIONS = {
  'session.me': 'session.me',
  'session.signOut': 'session.signOut',
  'session.changePassword': 'session.changePassword',
  'session.acknowledge': 'session.acknowledge',
  'session.list': 'session.list',
  'session.signIns': 'session.signInHistory',
  'session.end': 'session.end',
  'session.beginProof': 'session.beginReauthentication',
  'session.prove': 'session.reauthenticate',
  'factor.status': 'factor.status',
  'factor.beginTotp': 'factor.beginTotp',
  'factor.confirmTotp': 'factor.confirmTotp',
  'factor.removeTotp': 'factor.removeTotp',
  'factor.beginPasskey': 'factor.beginPasskey',
  'factor.addPasskey': 'factor.addPasskey',
  'factor.renamePasskey': 'factor.renamePasskey',
  'factor.removePasskey': 'factor.removePasskey',
  'factor.newRecoveryCodes': 'factor.replaceRecoveryCodes',
  'profile.edit': 'profile.update',
  'setup.checklist': 'setup.checklist',
  'setup.nameInstance': 'setup.nameInstance',
  'system.get': 'system.get',
  'system.change': 'system.update',
  'security.get': 'security.get',
  'security.change': 'security.update',
  'organization.list': 'organization.list',
  'organization.get': 'organization.get',
  'organization.create': 'organization.create',
  'organization.rename': 'organization.rename',
  'organization.setTimeZone': 'organization.setTimeZone',
  'organization.setManagerScope': 'organization.setManagerScope',
  'organization.setOversight': 'organization.setOversight',
  'organization.suspend': 'organization.suspend',
  'organization.reactivate': 'organization.reactivate',
  'organization.delete': 'organization.delete',
  'user.list': 'user.list',
  'user.count': 'user.count',
  'user.get': 'user.get',
  'user.create': 'user.create',
  'user.edit': 'user.update',
  'user.setLimit': 'user.setLimit',
  'user.setRole': 'user.setRole',
  'user.setPassword': 'user.setPassword',
  'user.resetFactor': 'user.resetFactor',
  'user.suspend': 'user.suspend',
  'user.reactivate': 'user.reactivate',
  'user.delete': 'user.delete',
  'user.move': 'user.move',
  'user.signOut': 'user.signOut',
  'user.activity': 'user.activity',
  'policy.explain': 'policy.explain',
  'user.sessions': 'user.sessions',
  'user.endSession': 'user.endSession',
  'user.makeLink': 'user.createLink',
  'user.previewBulk': 'user.previewBulk',
  'user.bulk': 'user.applyBulk',
  'user.export': 'user.export',
  'invitation.list': 'invitation.list',
  'invitation.create': 'invitation.create',
  'invitation.revoke': 'invitation.revoke',
  'invitation.resend': 'invitation.resend',
  'import.look': 'import.preview',
  'import.create': 'import.create',
  'import.run': 'import.run',
  'import.discard': 'import.discard',
  'import.get': 'import.get',
  'import.list': 'import.list',
  'workspace.list': 'workspace.list',
  'workspace.get': 'workspace.get',
  'workspace.create': 'workspace.create',
  'workspace.rename': 'workspace.rename',
  'workspace.archive': 'workspace.archive',
  'workspace.restore': 'workspace.restore',
  'workspace.delete': 'workspace.delete',
  'member.list': 'member.list',
  'member.count': 'member.count',
  'member.candidates': 'member.candidates',
  'member.change': 'member.update',
  'member.setUntil': 'member.setExpiry',
  'member.leave': 'member.leave',
  'member.added': 'member.added',
  'member.removed': 'member.removed',
  'member.ended': 'member.expired',
  'request.list': 'request.list',
  'request.create': 'request.create',
  'request.withdraw': 'request.withdraw',
  'request.decide': 'request.decide',
  'notice.stream': 'changes.subscribe',
  'setup.status': 'setup.status',
  'setup.run': 'setup.run',
  'session.signIn': 'session.signIn',
  'session.beginFactorPasskey': 'session.beginFactorPasskey',
  'session.confirmFactor': 'session.confirmFactor',
  'session.beginPasskey': 'session.beginPasskey',
  'session.signInWithPasskey': 'session.signInWithPasskey',
  'link.look': 'link.inspect',
  'link.accept': 'link.accept',
  'invitation.look': 'invitation.inspect',
  'invitation.accept': 'invitation.accept',
  'instance.restore': 'instance.restore',
} as const

/** The refusals that the last release recorded in the audit log, with their codes today. */
const CODES = {
  ROLE_LACKS_ACTION: 'ROLE_LACKS_ACTION',
  NOT_IN_CELL: 'TARGET_NOT_ALLOWED',
  CANNOT_GRANT: 'CANNOT_GRANT',
  INVITATION_BEYOND_REACH: 'INVITATION_OUT_OF_SCOPE',
  NOT_FOUND: 'NOT_FOUND',
  LAST_ADMINISTRATOR: 'LAST_ADMINISTRATOR',
  CREDENTIALS_WRONG: 'INVALID_CREDENTIALS',
  ACCOUNT_SUSPENDED: 'ACCOUNT_SUSPENDED',
  NETWORK_NOT_ALLOWED: 'NETWORK_NOT_ALLOWED',
  SETUP_CODE_WRONG: 'INVALID_SETUP_CODE',
  LINK_INVALID: 'INVALID_LINK',
  CURRENT_PASSWORD_WRONG: 'INVALID_CURRENT_PASSWORD',
  FACTOR_WRONG: 'INVALID_CODE',
  PASSKEY_REFUSED: 'PASSKEY_REFUSED',
  CHALLENGE_OVER: 'CHALLENGE_EXPIRED',
  TOO_MANY_TRIES: 'TOO_MANY_ATTEMPTS',
} as const

/**
 * Every field that the last release wrote before or after a change, with an example. Their old names are only in texts.
 */
const FIELDS = Object.entries<unknown>(
  JSON.parse(`{
    "username": "ada", "displayName": null, "about": "until people", "role": "manager", "status": "active", "dailyLimit": 10, "language": "de", "theme": "dark",
    "timeFormat": "24", "passwordChangeRequired": true, "name": "people", "archivedAt": "2026-11-30T12:00:00.000Z",
    "organizationId": "018f3a00-0000-7000-8000-000000000001", "workspaceIds": ["until", "people"], "added": 3, "removed": 0, "reason": "expired",
    "expiresAt": "2027-01-01T00:00:00.000Z", "supportAddress": "help@example.com", "defaultTimeZone": "UTC", "memberCount": 12, "sessions": 2,
    "timeZone": "Europe/Berlin", "managerScope": "assigned", "oversight": false, "people": 40, "passwordMin": 12, "changeAtFirstSignIn": false,
    "sessionIdleSeconds": 600, "sessionAbsoluteSeconds": 6000, "freeTries": 5, "addressTries": 100, "secondFactorRoles": ["administrator"], "apiKeyRoles": [],
    "administratorNetworks": ["10.0.0.0/8"], "managerNetworks": [], "defaultNetworks": [], "secondFactor": true, "passkeys": 1, "uses": 5, "accepted": true,
    "until": "2026-12-31T23:00:00.000Z", "filter": "{\\"search\\":\\"until people\\"}", "device": "Firefox on Linux"
  }`),
)
const RENAMED_FIELDS = new Map(
  [`until expiresAt`, `people users`, `freeTries freeAttempts`, `addressTries addressAttempts`].map(
    (pair) => pair.split(' ') as [string, string],
  ),
)
// No event had a field of today's name beside the one of the old name.
const values = Object.fromEntries(FIELDS.filter(([field]) => field !== 'expiresAt'))

/** Values before and after a change, as JSON. */
const TEXTS = [
  [null, null],
  ['null', 'null'],
  ['{}', '{"people": 3}'],
  ['{"until": null}', null],
  ['{"until": "2026-12-31T23:00:00.000Z"}', '{"until": null}'],
  [null, '{"expiresAt": "2026-12-31T23:00:00.000Z", "uses": 3}'],
  ['{"role": "manager", "about": "until"}', '{"role": "default", "name": "people"}'],
  [
    '{"freeTries": 5, "addressTries": 100, "passwordMin": 8}',
    '{"freeTries": 6, "addressTries": 200, "passwordMin": 8}',
  ],
  [JSON.stringify(values), JSON.stringify(values)],
  ['["until", "people"]', '"until"'],
] as const

/**
 * The problems that a row of an import of the last release could have: the field, the stored sentence, and today's
 * issue.
 */
const ROW_ISSUES: readonly [string, string, FieldIssue][] = [
  ['username', 'At least 2 characters.', fieldIssue(['username'], 'TOO_SHORT', { min: 2 })],
  ['username', 'At most 64 characters.', fieldIssue(['username'], 'TOO_LONG', { max: 64 })],
  ['username', 'Only a–z, 0–9, dot, underscore and hyphen.', fieldIssue(['username'], 'INVALID_USERNAME_CHARACTERS')],
  ['username', 'Start with a letter or a digit.', fieldIssue(['username'], 'INVALID_USERNAME_START')],
  ['displayName', 'At most 100 characters.', fieldIssue(['displayName'], 'TOO_LONG', { max: 100 })],
  ['displayName', 'This contains characters that can’t be shown.', fieldIssue(['displayName'], 'INVALID_CHARACTERS')],
  ['about', 'At most 1000 characters.', fieldIssue(['about'], 'TOO_LONG', { max: 1000 })],
  ['role', 'This is none of the roles.', fieldIssue(['role'], 'UNKNOWN_ROLE')],
  ['dailyLimit', 'A whole number of 1 or more.', fieldIssue(['dailyLimit'], 'NOT_WHOLE_NUMBER', { min: 1 })],
  ['dailyLimit', 'At most 1,000,000.', fieldIssue(['dailyLimit'], 'NUMBER_TOO_LARGE', { max: 1_000_000 })],
  ['dailyLimit', 'An administrator has no daily limit.', fieldIssue(['dailyLimit'], 'LIMIT_NOT_FOR_ADMINISTRATOR')],
  ['workspaces', 'At most 50 workspaces.', fieldIssue(['workspaces'], 'TOO_MANY_WORKSPACES', { max: 50 })],
  ['workspaces', 'At most 80 characters.', fieldIssue(['workspaces'], 'TOO_LONG', { max: 80 })],
  ['workspaces', 'Enter a name.', fieldIssue(['workspaces'], 'REQUIRED_NAME')],
  ['extra', 'The row has more cells than the header.', fieldIssue(['extra'], 'TOO_MANY_CELLS')],
  ['username', 'STALE', { ...fieldIssue(['username'], 'INVALID_VALUE'), message: 'STALE' }],
]
const oldIssues = (issues: typeof ROW_ISSUES) =>
  issues.map(([field, message]) => ({ path: [field], rule: 'custom', message }))

/** The refusals that an import of the last release wrote to its rows. */
const ROW_REFUSALS = [
  null,
  { code: 'BAD_INPUT', details: { issues: oldIssues(ROW_ISSUES) } },
  { code: 'BAD_INPUT', details: { issues: oldIssues([...ROW_ISSUES].reverse()) } },
  { code: 'BAD_INPUT', details: { issues: [] } },
  { code: 'ROW_REPEATS', details: { row: 1 } },
  { code: 'UNEXPECTED', details: { requestId: 'req-1' } },
  { code: 'ROLE_LACKS_ACTION', details: { action: 'user.create', role: 'default' } },
  { code: 'CANNOT_GRANT', details: { role: 'administrator' } },
  { code: 'WORKSPACE_UNKNOWN', details: { name: 'Of people' } },
  { code: 'WORKSPACE_ARCHIVED', details: { name: 'Until' } },
  { code: 'NAME_TAKEN', details: { name: 'ada', what: 'username' } },
  { code: 'PASSWORD_IS_USERNAME', details: {} },
  { code: 'UNKNOWN_IDS', details: { what: 'workspace', ids: ['018f3a00-0000-7000-8000-000000000002'] } },
] as const
const ROW_CODES: Record<string, string> = { ROW_REPEATS: 'DUPLICATE_ROW', UNEXPECTED: 'INTERNAL_ERROR' }

const [organizationId, workspaceId, adaId, joeId, importId] = [
  randomUUID(),
  randomUUID(),
  randomUUID(),
  randomUUID(),
  randomUUID(),
] as const

/** Creates a database of the last release, with rows in every table that the migration changes. */
async function createOldDatabase(): Promise<void> {
  await withClient(adminUrl, async (client) => {
    await client.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await client.query(`CREATE DATABASE ${name} OWNER ${userOf(url)}`)
  })
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder)
  const released = (await readdir(MIGRATIONS_FOLDER)).filter((entry) => /^\d/.test(entry) && entry < MIGRATION)
  for (const each of released) await cp(join(MIGRATIONS_FOLDER, each), join(folder, each), { recursive: true })
  expect((await migrate(url, folder)).at(-1)).toMatch(/^20261125120100_/)
  await insertAccounts()
  await insertAuditLog()
}

async function insertAccounts(): Promise<void> {
  await pool.query(`INSERT INTO "instance" ("id", "hmacKey", "freeTries", "addressTries") VALUES (1, '\\x00', 7, 70)`)
  await pool.query(
    `INSERT INTO "organization" ("id", "name", "nameKey", "caselessName") VALUES ($1, 'Acme', 'acme', 'acme')`,
    [organizationId],
  )
  await pool.query(
    `INSERT INTO "user" ("id", "organizationId", "username", "role") VALUES ($2, $1, 'ada', 'administrator'), ($3, $1, 'joe', 'default')`,
    [organizationId, adaId, joeId],
  )
  await pool.query(
    `INSERT INTO "workspace" ("id", "organizationId", "name", "nameKey", "caselessName") VALUES ($2, $1, 'Team', 'team', 'team')`,
    [organizationId, workspaceId],
  )
  await pool.query(
    `INSERT INTO "member" ("organizationId", "workspaceId", "userId", "until") VALUES ($1, $2, $3, NULL), ($1, $2, $4, '2026-12-31T23:00:00Z')`,
    [organizationId, workspaceId, adaId, joeId],
  )
  await pool.query(
    `INSERT INTO "session" ("id", "tokenHash", "organizationId", "userId", "expiresAt", "absoluteEndAt", "provedAt") VALUES ($1, '\\x01', $2, $3, now() + interval '1 day', now() + interval '2 days', now() - interval '1 hour')`,
    [randomUUID(), organizationId, adaId],
  )
  await pool.query(`INSERT INTO "known_browser" ("tokenHash", "userId") VALUES ('\\x02', $1)`, [adaId])
  await pool.query(
    `INSERT INTO "throttle" ("key", "tries", "startedAt", "retryAt", "expiresAt") VALUES ('\\x03', 4, now(), now(), now() + interval '1 hour')`,
  )
  for (const [index, kind] of ['sign-in', 'passkey-sign-in', 'passkey-registration', 'passkey-proof'].entries()) {
    await pool.query(
      `INSERT INTO "challenge" ("id", "tokenHash", "kind", "userId", "tries", "expiresAt") VALUES ($1, $2, $3, $4, $5, now())`,
      [randomUUID(), Buffer.from([index]), kind, index === 1 ? null : adaId, index],
    )
  }
  await pool.query(
    `INSERT INTO "notice" ("organizationId", "capability", "targetId") VALUES ($1, 'user', $2), (NULL, 'system', NULL)`,
    [organizationId, adaId],
  )
  await pool.query(
    `INSERT INTO "import" ("id", "organizationId", "fileName", "createdById", "status", "credential", "rowCount") VALUES ($1, $2, 'users.csv', $3, 'done', 'link', $4)`,
    [importId, organizationId, adaId, ROW_REFUSALS.length],
  )
  for (const [index, refusal] of ROW_REFUSALS.entries()) {
    await pool.query(
      `INSERT INTO "import_row" ("importId", "number", "values", "outcome", "refusal") VALUES ($1, $2, $3, $4, $5)`,
      [
        importId,
        index + 1,
        { username: 'ROW_REPEATS', displayName: '', role: 'user.edit', workspaces: 'until; people' },
        refusal ? 'refused' : 'create',
        refusal && JSON.stringify(refusal),
      ],
    )
  }
}

// Ada does each action to Joe, and Joe is refused with each code. The events cycle through the texts and three
// partitions.
async function insertAuditLog(): Promise<void> {
  await pool.query(
    `SELECT audit_partition((now() - make_interval(months => m))::date) FROM (VALUES (1), (2)) AS months (m)`,
  )
  const events = [
    ...Object.keys(ACTIONS).map((action) => ({
      action,
      outcome: 'allowed',
      code: null,
      actorId: adaId,
      targetId: joeId,
    })),
    ...Object.keys(CODES).map((code) => ({
      action: 'user.edit',
      outcome: 'refused',
      code,
      actorId: joeId,
      targetId: adaId,
    })),
  ]
  for (const [index, { action, outcome, code, actorId, targetId }] of events.entries()) {
    const id = randomUUID()
    const at = new Date(Date.now() - (index % 3) * 30 * 86_400_000 - index * 1_000)
    await pool.query(
      `INSERT INTO "audit_event" ("id", "at", "organizationId", "actorId", "through", "action", "targetKind", "targetId", "workspaceId", "outcome", "code", "count", "batchId") VALUES ($1, $2, $3, $4, 'session', $5, 'user', $6, $7, $8, $9, $10, $11)`,
      [id, at, organizationId, actorId, action, targetId, workspaceId, outcome, code, index + 1, randomUUID()],
    )
    const [before, after] = TEXTS[index % TEXTS.length] ?? [null, null]
    await pool.query(
      `INSERT INTO "audit_text" ("eventId", "at", "actorName", "targetName", "before", "after", "address") VALUES ($1, $2, 'until', 'people', $3, $4, '127.0.0.1')`,
      [id, at, before, after],
    )
  }
  // An erased text.
  await pool.query(
    `UPDATE "audit_text" SET "actorName" = NULL, "targetName" = NULL, "before" = NULL, "after" = NULL, "address" = NULL WHERE "eventId" = (SELECT "id" FROM "audit_event" WHERE "action" = 'user.edit' AND "outcome" = 'allowed')`,
  )
  for (const [index, action] of Object.keys(ACTIONS).entries()) {
    const code = Object.keys(CODES)[index % Object.keys(CODES).length]
    await pool.query(
      `INSERT INTO "refusal_count" ("minute", "subject", "action", "code", "actorId", "actorName", "count") VALUES (date_trunc('minute', now()), $1::text, $2, $3, $1::uuid, 'joe', $4)`,
      [joeId, action, code, index + 1],
    )
  }
}

/** All rows of all tables, by table, in a stable order. */
async function readDatabase(): Promise<Record<string, object[]>> {
  const { rows: tables } = await pool.query<{ table: string }>(
    `SELECT relname AS "table" FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> '_prisma_migrations' ORDER BY 1`,
  )
  const read: Record<string, object[]> = {}
  for (const { table } of tables) {
    const { rows } = await pool.query<{ row: object }>(
      `SELECT to_jsonb(t) AS "row" FROM ${pg.escapeIdentifier(table)} t`,
    )
    read[table] = sorted(rows.map(({ row }) => row))
  }
  return read
}

function sorted(rows: readonly object[]): object[] {
  const keyed = rows.map((row) => ({ key: JSON.stringify(row, withSortedKeys), row }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ row }) => row)
}

function withSortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Applies the migration, and no later one. */
async function applyRenaming(): Promise<void> {
  await cp(join(MIGRATIONS_FOLDER, MIGRATION), join(folder, MIGRATION), { recursive: true })
  expect(await migrate(url, folder)).toEqual([MIGRATION])
}

const TABLES: Record<string, string> = {
  notice: 'outbox_event',
  known_browser: 'device_cookie',
  throttle: 'rate_limit',
}
const COLUMNS: Record<string, Record<string, string>> = {
  throttle: { tries: 'attempts' },
  challenge: { tries: 'attempts' },
  session: { provedAt: 'reauthenticatedAt' },
  member: { until: 'expiresAt' },
  instance: { freeTries: 'freeAttempts', addressTries: 'addressAttempts' },
}

function withFields(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([field, each]) => [RENAMED_FIELDS.get(field) ?? field, each]))
}

/** A value of the last release as it is today. */
function valueNow(table: string, column: string, value: unknown): unknown {
  if (column === 'action') return (ACTIONS as Record<string, string>)[String(value)]
  if (column === 'code') return value && (CODES as Record<string, string>)[String(value)]
  if (table === 'audit_text' && (column === 'before' || column === 'after')) return withFields(value)
  if (table === 'challenge' && value === 'passkey-proof') return 'passkey-reauthentication'
  if (column !== 'refusal' || !value) return value
  const refusal = value as { code: string; details: { issues?: { message: string }[] } }
  const { issues } = refusal.details
  if (issues)
    return {
      ...refusal,
      details: { issues: issues.map(({ message }) => ROW_ISSUES.find(([, old]) => old === message)?.[2]) },
    }
  return { ...refusal, code: ROW_CODES[refusal.code] ?? refusal.code }
}

/** The expected rows after the migration. */
function migrated(before: Record<string, object[]>): Record<string, object[]> {
  return Object.fromEntries(
    Object.entries(before).map(([table, rows]) => [
      TABLES[table] ?? table,
      sorted(
        rows.map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([column, value]) => [
              COLUMNS[table]?.[column] ?? column,
              valueNow(table, column, value),
            ]),
          ),
        ),
      ),
    ]),
  )
}

/** The triggers of the audit tables and their partitions, with whether they are enabled. */
async function auditTriggers(): Promise<{ table: string; trigger: string; enabled: string }[]> {
  const { rows } = await pool.query<{ table: string; trigger: string; enabled: string }>(
    `SELECT c.relname AS "table", t.tgname AS "trigger", t.tgenabled AS "enabled" FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE NOT t.tgisinternal AND c.relname LIKE 'audit%' ORDER BY 1, 2`,
  )
  return rows
}

beforeEach(createOldDatabase)

test('renames every stored name, and changes nothing else', async () => {
  const before = await readDatabase()
  await applyRenaming()
  expect(await readDatabase()).toEqual(migrated(before))
  const { rows: partitions } = await pool.query('SELECT DISTINCT tableoid FROM "audit_event"')
  expect(partitions.length).toBeGreaterThan(1)
})

test('leaves no name that today’s lists lack', async () => {
  await applyRenaming()
  const actions: ReadonlySet<string> = new Set([
    ...Object.keys(PROCEDURES),
    ...Object.keys(ROUTES),
    ...(['member.added', 'member.removed', 'member.expired'] satisfies AuditAction[]),
    'instance.restore',
  ])
  const codes: ReadonlySet<string> = new Set(RECORDED_REFUSALS)
  const fields: ReadonlySet<string> = new Set(AUDITED_FIELDS)
  for (const table of ['audit_event', 'refusal_count']) {
    const { rows } = await pool.query<{ action: string; code: string | null }>(
      `SELECT DISTINCT "action", "code" FROM "${table}"`,
    )
    expect(rows.filter(({ action, code }) => !actions.has(action) || (code !== null && !codes.has(code)))).toEqual([])
    expect(new Set(rows.map(({ action }) => action)).size).toBe(Object.keys(ACTIONS).length)
  }
  const { rows } = await pool.query<{ field: string }>(
    `SELECT DISTINCT f AS "field" FROM "audit_text" CROSS JOIN LATERAL (VALUES ("before"), ("after")) AS v (value) CROSS JOIN LATERAL jsonb_object_keys(CASE jsonb_typeof(v.value) WHEN 'object' THEN v.value ELSE '{}' END) AS f`,
  )
  expect(rows.filter(({ field }) => !fields.has(field))).toEqual([])
  expect(rows.length).toBe(FIELDS.length - 1)
})

test('today’s code reads events, sign-ins and import rows of the last release', async () => {
  await migrate(url)
  const { pool: reader, prisma, close } = connect({ url })
  const everything: Visibility = { user: { kind: 'instance' }, workspace: { kind: 'instance' } }
  const page = { size: 500, backward: false, from: undefined }
  const did = await listActivity(
    reader,
    { userId: adaId, direction: 'did', visibility: everything, only: undefined },
    page,
  )
  const others: readonly string[] = ['member.added', 'member.removed']
  expect(did.rows.map(({ action }) => action).sort()).toEqual(
    Object.values(ACTIONS)
      .filter((action) => !others.includes(action))
      .sort(),
  )
  const joe = await listActivity(
    reader,
    { userId: joeId, direction: 'did', visibility: everything, only: undefined },
    page,
  )
  expect(joe.rows.map(({ code }) => code).sort()).toEqual(Object.values(CODES).sort())
  const setExpiry = did.rows.find(({ action }) => action === 'member.setExpiry')
  expect(setExpiry?.targetName).toBe('joe')
  const signIns = await listSignIns(reader, adaId, page)
  expect(
    signIns.rows
      .filter(({ outcome }) => outcome === 'allowed')
      .map(({ action }) => action)
      .sort(),
  ).toEqual([...SIGN_IN_ACTIONS].sort())
  expect((await findImport(prisma, { kind: 'instance' }, adaId, importId))?.rowCount).toBe(ROW_REFUSALS.length)
  const sentences = (await listImportRows(prisma, { kind: 'instance' }, importId)).flatMap(({ refusal }) =>
    refusal ? [sentence(refusal satisfies Refusal)] : [],
  )
  expect(sentences).toHaveLength(ROW_REFUSALS.length - 1)
  for (const each of sentences) expect(each).not.toMatch(/undefined|^$/)
  await close()
})

test('enables the append-only triggers again, on both tables and on every partition', async () => {
  const before = await auditTriggers()
  await applyRenaming()
  const after = await auditTriggers()
  expect(after).toEqual(before)
  expect(after.every(({ enabled }) => enabled === 'O')).toBe(true)
  const tables = [...new Set(after.map(({ table }) => table))]
  expect(tables.length).toBeGreaterThan(5)
  for (const table of tables) {
    const column = table === 'audit_text' ? 'actorName' : 'action'
    // Row triggers need rows, and partitions of coming months have none.
    const isEmpty = (await pool.query(`SELECT 1 FROM "${table}" LIMIT 1`)).rowCount === 0
    for (const statement of [
      `UPDATE "${table}" SET "${column}" = 'x'`,
      `DELETE FROM "${table}"`,
      `TRUNCATE "${table}"`,
    ]) {
      if (isEmpty && !statement.startsWith('TRUNCATE')) continue
      await expect(pool.query(statement), statement).rejects.toThrow(/audit rows are append-only/)
    }
  }
})

test.each([
  'ALTER TABLE "audit_event" ENABLE TRIGGER',
  'ALTER TABLE "audit_text" ENABLE TRIGGER',
  'UPDATE "import_row"',
])('a failure before %s leaves everything as it was', async (statement) => {
  const [rows, triggers] = [await readDatabase(), await auditTriggers()]
  const script = await readFile(join(MIGRATIONS_FOLDER, MIGRATION, 'migration.sql'), 'utf8')
  expect(script).toContain(statement)
  await mkdir(join(folder, MIGRATION))
  await writeFile(join(folder, MIGRATION, 'migration.sql'), script.replace(statement, `SELECT 1/0;\n${statement}`))
  await expect(migrate(url, folder)).rejects.toThrow(/standard_names failed and changed nothing: division by zero/)
  expect(await readDatabase()).toEqual(rows)
  expect(await auditTriggers()).toEqual(triggers)
  await expect(pool.query(`DELETE FROM "audit_event"`)).rejects.toThrow(/audit rows are append-only/)
})
