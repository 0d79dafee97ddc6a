import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { withClient } from '../client/connection.ts'

const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))
const OLDEST_SERVER = 16
// Any number, the same in every version of Roster.
const LOCK = 7_205_759_403

/** Raised when the database can't be migrated to this version's schema. The message says why, and what to do. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused'
}

interface Migration {
  name: string
  script: string
  /** SHA-256 of the script in hexadecimal, as Prisma stores it. */
  checksum: string
}

interface Applied {
  name: string
  checksum: string
}

/**
 * Migrates a database to this version's schema; returns the names of the applied migrations. Several nodes may call it
 * at once: one works, the rest wait.
 *
 * Files and bookkeeping (`_prisma_migrations`) are Prisma's, so that its tools read both. Roster applies them itself,
 * because each migration and its entry are one transaction here: a node that is killed leaves nothing to repair. So a
 * migration can't contain a statement that refuses to run in a transaction (CREATE INDEX CONCURRENTLY).
 *
 * @param directUrl the address of the server itself: session locks don't work through a pooler
 * @throws MigrationRefused when the server is too old, or the database is of a newer version or of an altered migration
 */
export async function migrate(directUrl: string, folder = MIGRATIONS): Promise<string[]> {
  const migrations = await readMigrations(folder)
  return withClient(directUrl, async (client) => {
    await checkServer(client)
    if (pending(migrations, await readApplied(client)).length === 0) return []
    await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    // Read again: another node may have migrated while this one waited. The lock ends with the connection.
    const todo = pending(migrations, await readApplied(client))
    for (const migration of todo) await apply(client, migration)
    return todo.map(({ name }) => name)
  })
}

/** Whether all of this version's migrations are applied; a newer version may have added more. For /readyz. */
export async function migrationsApplied(client: Pick<pg.Pool, 'query'>, folder = MIGRATIONS): Promise<boolean> {
  const applied = new Set((await readApplied(client)).map(({ name }) => name))
  return (await readMigrations(folder)).every(({ name }) => applied.has(name))
}

/**
 * The migrations to apply, in order.
 * @throws MigrationRefused when the applied ones are not a prefix of this version's
 */
function pending(migrations: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  const foreign = applied.filter(({ name }) => !known.has(name)).map(({ name }) => name)
  if (foreign.length > 0)
    throw new MigrationRefused(
      `The database was written by a newer version of Roster: this version does not know its migrations ${foreign.join(', ')}. Start the newer version, or restore an older backup.`,
    )
  const altered = applied.filter(({ name, checksum }) => known.get(name)?.checksum !== checksum).map(({ name }) => name)
  if (altered.length > 0)
    throw new MigrationRefused(
      `The migrations ${altered.join(', ')} are not the ones that this database was created with: their files were altered. Restore the released files.`,
    )
  const done = new Set(applied.map(({ name }) => name))
  return migrations.filter(({ name }) => !done.has(name))
}

async function apply(client: pg.Client, { name, script, checksum }: Migration): Promise<void> {
  try {
    await client.query('BEGIN')
    await client.query(BOOKKEEPING)
    await client.query(script)
    await client.query(
      'INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count) VALUES ($1, $2, $3, now(), clock_timestamp(), 1)',
      [randomUUID(), checksum, name],
    )
    await client.query('COMMIT')
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw new Error(
      `The migration ${name} failed and changed nothing: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}

async function checkServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string; encoding: string }>(
    "SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding",
  )
  const [row] = rows
  if (row === undefined || Number.parseInt(row.version, 10) < OLDEST_SERVER)
    throw new MigrationRefused(`Roster needs PostgreSQL ${OLDEST_SERVER} or newer; this server is ${row?.version}.`)
  if (row.encoding !== 'UTF8')
    throw new MigrationRefused(
      `Roster needs a database in UTF8; this one is in ${row.encoding}. Create one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.`,
    )
}

async function readApplied(client: Pick<pg.Pool, 'query'>): Promise<Applied[]> {
  const { rows: tables } = await client.query<{ exists: boolean }>(
    "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists",
  )
  if (tables[0]?.exists !== true) return []
  const { rows } = await client.query<Applied>(
    'SELECT migration_name AS name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  )
  return rows
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  return Promise.all(
    names.sort().map(async (name) => {
      const script = await readFile(join(folder, name, 'migration.sql'), 'utf8')
      return { name, script, checksum: createHash('sha256').update(script).digest('hex') }
    }),
  )
}

const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`
