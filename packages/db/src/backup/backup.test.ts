import { randomBytes, randomUUIDv7 } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { connect } from '../client/client.ts'
import { ensureInstance } from '../instance/instance.ts'
import { createTestDatabase } from '../testing/testing.ts'
import { checkBackup } from './check.ts'
import { restoreBackup } from './restore.ts'
import { BACKUP_TABLES, EXCLUDED_TABLES, quoteNames } from './tables.ts'
import { writeBackup } from './write.ts'

const folder = await mkdtemp(join(tmpdir(), 'roster-backup-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

async function database() {
  const { url } = await createTestDatabase()
  const db = connect({ url, max: 2 })
  afterAll(() => db.close())
  await ensureInstance(db.prisma)
  return { url, ...db }
}

const source = await database()
await source.pool.query(
  `UPDATE "instance" SET "name" = 'Nordwind', "setUpAt" = now(), "passwordMin" = 12, "secondFactorRoles" = '{administrator}', "setupCodeHash" = '\\x00'`,
)
const [acme, ada, research] = [randomUUIDv7(), randomUUIDv7(), randomUUIDv7()]
await source.pool.query(
  `INSERT INTO "organization" ("id", "name", "nameKey", "caselessName") VALUES ($1, 'Acme', 'acme', 'acme')`,
  [acme],
)
await source.pool.query(
  `INSERT INTO "user" ("id", "organizationId", "username", "displayName", "about", "role", "passwordHash") VALUES ($1, $2, 'ada', 'Ada\tL. 🙂', E'line\nand \\\\. and \\\\N', 'administrator', '$argon2id$x')`,
  [ada, acme],
)
await source.pool.query(
  `INSERT INTO "user" ("id", "organizationId", "username", "role") SELECT gen_random_uuid(), $1, 'user-' || n, 'default' FROM generate_series(1, 5000) n`,
  [acme],
)
await source.pool.query(
  `INSERT INTO "workspace" ("id", "organizationId", "name", "nameKey", "caselessName") VALUES ($1, $2, 'Research', 'research', 'research')`,
  [research, acme],
)
await source.pool.query(
  `INSERT INTO "member" ("organizationId", "workspaceId", "userId") SELECT $1, $2, "id" FROM "user"`,
  [acme, research],
)
await source.pool.query(`INSERT INTO "totp" ("userId", "secret") VALUES ($1, $2)`, [ada, randomBytes(40)])
await source.pool.query(`SELECT audit_partition('2025-02-01')`)
await source.pool.query(
  `INSERT INTO "audit_event" ("id", "at", "through", "action", "outcome") VALUES ($1, '2025-02-14T12:00:00Z', 'session', 'user.create', 'allowed'), ($2, now(), 'session', 'user.create', 'allowed')`,
  [randomUUIDv7(), randomUUIDv7()],
)
await source.pool.query(
  `INSERT INTO "session" ("id", "tokenHash", "organizationId", "userId", "expiresAt", "absoluteEndAt") VALUES ($1, $2, $3, $4, now() + interval '1 day', now() + interval '1 day')`,
  [randomUUIDv7(), randomBytes(32), acme, ada],
)
const file = join(folder, 'whole.roster')
await writeBackup(source.url, file)

async function rowsOf(db: typeof source, table: string, without: readonly string[]): Promise<string[]> {
  const { rows } = await db.pool.query<{ row: string }>(
    `SELECT (to_jsonb(t) - $1::text[])::text AS "row" FROM ${quoteNames([table])} t ORDER BY 1`,
    [without],
  )
  return rows.map(({ row }) => row)
}

test('every table of the database is either backed up or excluded', async () => {
  const schemas = await source.pool.query<{ name: string }>(
    `SELECT nspname::text AS "name" FROM pg_namespace WHERE nspname NOT IN ('public', 'information_schema') AND nspname NOT LIKE 'pg\\_%'`,
  )
  // The job queue. What a job is for stands in a table that is backed up.
  expect(schemas.rows).toEqual([{ name: 'pgboss' }])
  const { rows } = await source.pool.query<{ name: string }>(
    `SELECT relname::text AS "name" FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1`,
  )
  expect(rows.map(({ name }) => name)).toEqual([...BACKUP_TABLES.map(({ table }) => table), ...EXCLUDED_TABLES].sort())
})

test('restores the same rows, and keeps the instance’s own keys', async () => {
  const target = await database()
  const keyOf = async (db: typeof source) =>
    (await db.prisma.instance.findUniqueOrThrow({ where: { id: 1 }, select: { hmacKey: true } })).hmacKey
  const key = await keyOf(target)
  const restored: string[] = []
  const { header, rows } = await restoreBackup(target.url, file, {
    progress: (table, count) => restored.push(`${table} ${count}`),
  })
  expect(header).toMatchObject({ instanceName: 'Nordwind', auditMonths: expect.arrayContaining(['2025-02-01']) })
  expect(rows).toBe(10_008)
  expect(restored).toContain('user 5001')
  for (const { table, ...options } of BACKUP_TABLES) {
    const without = [...('without' in options ? options.without : [])]
    const [before, after] = [await rowsOf(source, table, without), await rowsOf(target, table, without)]
    expect(table === 'audit_event' ? after.filter((row) => !row.includes('instance.restore')) : after, table).toEqual(
      before,
    )
  }
  expect(await keyOf(target)).toEqual(key)
  expect((await target.prisma.instance.findUniqueOrThrow({ where: { id: 1 } })).setupCodeHash).toBeNull()
  expect(await target.prisma.session.count()).toBe(0)
  expect((await rowsOf(target, 'audit_event', [])).join()).toContain('instance.restore')
})

test('only the owner can read the file, which has no key of the instance', async () => {
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const unpacked = (await import('node:zlib')).zstdDecompressSync(await readFile(file)).toString('latin1')
  const [row] = (await source.pool.query<{ hex: string }>(`SELECT encode("hmacKey", 'hex') AS "hex" FROM "instance"`))
    .rows
  expect(unpacked).not.toContain(row?.hex)
  expect(unpacked).not.toContain('hmacKey')
  expect(unpacked).toContain('user-4999')
})

test('never overwrites a file, and leaves none behind after a failure', async () => {
  await expect(writeBackup('postgresql://roster@127.0.0.1:1/none', join(folder, 'failed.roster'))).rejects.toThrow()
  const before = await readFile(file)
  await expect(writeBackup(source.url, file)).rejects.toThrow('EEXIST')
  expect(await readFile(file)).toEqual(before)
  expect(await readdir(folder)).toEqual(['whole.roster'])
})

test('refuses a truncated file, and one with an altered byte', async () => {
  const whole = await readFile(file)
  const damaged = join(folder, 'damaged.roster')
  for (const length of [
    0,
    1,
    40,
    Math.floor(whole.length / 3),
    Math.floor(whole.length / 2),
    whole.length - 40,
    whole.length - 1,
  ]) {
    await writeFile(damaged, whole.subarray(0, length))
    await expect(checkBackup(damaged), `${length} of ${whole.length}`).rejects.toMatchObject({ name: 'BackupRefused' })
  }
  for (const at of [10, Math.floor(whole.length / 2), whole.length - 10]) {
    const altered = Buffer.from(whole)
    altered[at] = (altered[at] ?? 0) ^ 1
    await writeFile(damaged, altered)
    await expect(checkBackup(damaged), `byte ${at}`).rejects.toMatchObject({ name: 'BackupRefused' })
  }
  await writeFile(damaged, Buffer.concat([whole, whole]))
  await expect(checkBackup(damaged)).rejects.toMatchObject({ name: 'BackupRefused' })
  await writeFile(damaged, 'username,role\nada,administrator\n')
  await expect(checkBackup(damaged)).rejects.toThrow('not a backup of Roster')
  await expect(checkBackup(join(folder, 'missing.roster'))).rejects.toThrow('no such file')
})

test('refuses secrets of another key before anything is written, and restores those of its own key', async () => {
  const check = Buffer.from('5c00ff0a0d09', 'hex')
  await source.pool.query(`UPDATE "instance" SET "secretCheck" = $1`, [check])
  const encrypted = join(folder, 'encrypted.roster')
  await writeBackup(source.url, encrypted)
  await source.pool.query(`UPDATE "instance" SET "secretCheck" = NULL`)
  expect((await checkBackup(encrypted)).secretCheck).toEqual(check)
  expect((await checkBackup(file)).secretCheck).toBeNull()
  const target = await database()
  await expect(restoreBackup(target.url, encrypted)).rejects.toThrow('encrypted with another key than the one here')
  await expect(restoreBackup(target.url, encrypted, { acceptKey: () => false })).rejects.toThrow(
    'encrypted with another key',
  )
  expect(await target.prisma.organization.count()).toBe(0)
  await restoreBackup(target.url, encrypted, { acceptKey: (given) => given.equals(check) })
  expect(await target.prisma.totp.count()).toBe(1)
  await rm(encrypted)
})

test('refuses an instance that has users, and does not change it', async () => {
  const before = await rowsOf(source, 'user', [])
  await expect(restoreBackup(source.url, file)).rejects.toThrow('This instance already has users')
  expect(await rowsOf(source, 'user', [])).toEqual(before)
})

test('refuses a backup of another version before anything is written', async () => {
  const target = await database()
  await target.pool.query(
    `UPDATE _prisma_migrations SET migration_name = '20200101000000_other' WHERE migration_name LIKE '%_first'`,
  )
  await expect(restoreBackup(target.url, file)).rejects.toThrow('written by another version')
  expect(await target.prisma.organization.count()).toBe(0)
})
