import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeEach, expect, inject, test } from 'vitest'
import {
  difference,
  MIGRATIONS_FOLDER,
  migrationProblems,
  readMigratedSchema,
  readSchema,
} from '../../scripts/schema-engine.ts'
import { databaseUrl, userOf, withClient } from '../client/connection.ts'
import { createTestDatabase } from '../testing/testing.ts'
import { MigrationRefused, migrate, migrationsApplied } from './migrate.ts'

const { url, name } = await createTestDatabase()
const { adminUrl } = inject('testServer')
const folder = await mkdtemp(join(tmpdir(), 'roster-migrations-'))
const pool = new pg.Pool({ connectionString: url })
pool.on('error', () => undefined)
afterAll(() => Promise.all([pool.end(), rm(folder, { recursive: true })]))

beforeEach(async () => {
  await withClient(adminUrl, async (client) => {
    await client.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await client.query(`CREATE DATABASE ${name} OWNER ${userOf(url)}`)
  })
  await rm(folder, { recursive: true, force: true })
  await cp(MIGRATIONS_FOLDER, folder, { recursive: true })
})

async function addMigration(title: string, script: string): Promise<void> {
  await mkdir(join(folder, title), { recursive: true })
  await writeFile(join(folder, title, 'migration.sql'), script)
}

test('applies every migration once when many nodes start at the same time', async () => {
  await addMigration(
    '29990101000000_count',
    'CREATE TABLE counted (id int); INSERT INTO counted VALUES (1); SELECT pg_sleep(0.2);',
  )
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(url, folder)))
  expect(applied.filter((names) => names.length > 0)).toEqual([
    expect.arrayContaining(['20261123000000_first', '29990101000000_count']),
  ])
  expect((await pool.query('SELECT * FROM counted')).rows).toEqual([{ id: 1 }])
})

test('reports a database as migrated only when every migration is applied', async () => {
  expect(await migrationsApplied(pool, folder)).toBe(false)
  await migrate(url, folder)
  expect(await migrationsApplied(pool, folder)).toBe(true)
  await addMigration('29990101000000_next', 'SELECT 1')
  expect(await migrationsApplied(pool, folder)).toBe(false)
  expect(await migrate(url, folder)).toEqual(['29990101000000_next'])
  expect(await migrate(url, folder)).toEqual([])
})

test('refuses a database of a newer version, but keeps a running node ready', async () => {
  await addMigration('29990101000000_newer', 'CREATE TABLE newer ()')
  await migrate(url, folder)
  await expect(migrate(url)).rejects.toThrow(/newer version of Roster.*29990101000000_newer/)
  await expect(migrate(url)).rejects.toThrow(MigrationRefused)
  expect(await migrationsApplied(pool)).toBe(true)
})

test('refuses an applied migration that was altered, by name', async () => {
  await addMigration('29990101000000_altered', 'SELECT 1')
  await migrate(url, folder)
  await addMigration('29990101000000_altered', 'SELECT 2')
  await expect(migrate(url, folder)).rejects.toThrow(/29990101000000_altered.*altered/)
})

test('a failed migration changes nothing, and applies once it is fixed', async () => {
  await addMigration('29990101000000_wrong', 'CREATE TABLE half (); SELECT 1/0;')
  await expect(migrate(url, folder)).rejects.toThrow(
    /29990101000000_wrong failed and changed nothing: division by zero/,
  )
  expect((await pool.query("SELECT to_regclass('half') AS half")).rows).toEqual([{ half: null }])
  await addMigration('29990101000000_wrong', 'CREATE TABLE half ();')
  expect(await migrate(url, folder)).toEqual(['29990101000000_wrong'])
})

test('a node that dies during a migration does not block the next node', async () => {
  await addMigration('29990101000000_slow', 'CREATE TABLE slow (); SELECT pg_sleep(30);')
  const lost = migrate(url, folder).catch((error: unknown) => error)
  await expect
    .poll(
      async () =>
        (
          await pool.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid()",
          )
        ).rowCount,
    )
    .toBe(1)
  expect(await lost).toBeInstanceOf(Error)
  await addMigration('29990101000000_slow', 'CREATE TABLE slow ();')
  expect(await migrate(url, folder)).toEqual(['29990101000000_slow'])
})

test('refuses a database that is not in UTF-8', async () => {
  const latin = `${name}_latin`
  await withClient(adminUrl, (client) =>
    client.query(
      `CREATE DATABASE ${latin} OWNER ${userOf(url)} TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'`,
    ),
  )
  await expect(migrate(databaseUrl(url, latin))).rejects.toThrow(/UTF8.*LATIN1/)
  await withClient(adminUrl, (client) => client.query(`DROP DATABASE ${latin} WITH (FORCE)`))
})

test("Prisma's own tools agree that the database is up to date", async () => {
  await migrate(url)
  expect(await migrationProblems(url)).toEqual([])
})

test('the schema has no change without a migration', async () => {
  expect(await difference(await readMigratedSchema(), await readSchema(), url)).toBe('')
})
