import { randomUUIDv7 } from 'node:crypto'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { withClient } from '../connection.ts'
import { backupFrames, type CheckedBackup, checkBackup } from './check.ts'
import { type BackupHeader, readEnd, readTable } from './header.ts'
import { BackupRefused } from './refused.ts'
import { quoted } from './tables.ts'
import type { Progress } from './write.ts'

/** Whether the key of this place opens the known text that a backup's secrets were sealed with. */
export type Opens = (secretCheck: Buffer) => boolean

/**
 * Put a backup into an instance that has nobody yet: checked to its end first, then all of it in one transaction, or nothing.
 *
 * @param directUrl an address that leads to the server itself, migrated to this version
 * @throws {BackupRefused} when the file is not whole, is of another version, its secrets are under another key, or the instance is in use
 */
export async function restoreBackup(
  directUrl: string,
  file: string,
  { progress = () => undefined, opens = () => false }: { progress?: Progress; opens?: Opens } = {},
): Promise<{ header: BackupHeader; rows: number }> {
  const { header, secretCheck } = await checkBackup(file)
  refuseUnlessOpen(secretCheck, opens)
  return withClient(directUrl, async (client) => {
    await client.query('BEGIN')
    await refuseUnlessFit(client, header)
    for (const month of header.auditMonths) await client.query('SELECT audit_partition($1::date)', [month])
    const rows = await copyTables(client, file, progress)
    await client.query(
      `INSERT INTO "audit_event" ("id", "at", "through", "action", "targetKind", "outcome") VALUES ($1, now(), 'command-line', 'instance.restore', 'instance', 'allowed')`,
      [randomUUIDv7()],
    )
    await client.query('COMMIT')
    return { header, rows }
  })
}

function refuseUnlessOpen(secretCheck: CheckedBackup['secretCheck'], opens: Opens): void {
  if (secretCheck === null || opens(secretCheck)) return
  throw new BackupRefused(
    'This backup holds secrets that were sealed with another key than the one here. Put its own key in place first: SECRET_KEY, or the file secret-key of its data folder.',
  )
}

async function refuseUnlessFit(client: pg.Client, header: BackupHeader): Promise<void> {
  // Setup and other restores wait for this one.
  await client.query('SELECT 1 FROM "instance" WHERE "id" = 1 FOR UPDATE')
  const { rows } = await client.query<{ used: boolean; migrations: string[] }>(
    `SELECT EXISTS (SELECT 1 FROM "organization") OR EXISTS (SELECT 1 FROM "user") AS "used",
      (SELECT json_agg(migration_name ORDER BY migration_name) FROM _prisma_migrations WHERE finished_at IS NOT NULL) AS "migrations"`,
  )
  const [here] = rows
  if (here?.used !== false)
    throw new BackupRefused('There are people in this instance already. A backup is restored into an empty one: a new data folder or a new database.')
  if (JSON.stringify(here.migrations) !== JSON.stringify(header.migrations))
    throw new BackupRefused(
      'This backup was written by another version of Roster. Restore it with that version, then start this one on the result: it brings the database up to date.',
    )
}

/** A table that is being written. */
interface Copying {
  table: string
  columns: string[]
  copy: ReturnType<typeof copyFrom>
  /** Settles when PostgreSQL has taken all of it, or refused it. */
  taken: Promise<void>
}

async function copyTables(client: pg.Client, file: string, progress: Progress): Promise<number> {
  let total = 0
  let copying: Copying | undefined
  for await (const { kind, content } of backupFrames(file)) {
    if (kind === 'table') copying = await beginTable(client, readTable(content))
    else if (kind === 'rows' && copying && !copying.copy.write(Buffer.from(content))) await Promise.race([once(copying.copy, 'drain'), copying.taken])
    else if (kind === 'end' && copying) {
      const { table, rows } = readEnd(content)
      await endTable(client, copying, rows)
      progress(table, rows)
      total += rows
    }
  }
  return total
}

// The instance's row is there already, with keys of its own, which no backup holds: the rest is put over it.
const INSTANCE = 'restored_instance'

async function beginTable(client: pg.Client, { table, columns }: { table: string; columns: string[] }): Promise<Copying> {
  const into = table === 'instance' ? INSTANCE : table
  if (into === INSTANCE) await client.query(`CREATE TEMPORARY TABLE ${INSTANCE} ON COMMIT DROP AS SELECT ${quoted(columns)} FROM "instance" WITH NO DATA`)
  const copy = client.query(copyFrom(`COPY ${quoted([into])} (${quoted(columns)}) FROM STDIN`))
  const taken = finished(copy)
  taken.catch(() => undefined)
  return { table, columns, copy, taken }
}

async function endTable(client: pg.Client, { table, columns, copy, taken }: Copying, rows: number): Promise<void> {
  copy.end()
  await taken
  if (copy.rowCount !== rows) throw new BackupRefused(`The backup was altered: “${table}” has ${copy.rowCount} rows instead of ${rows}.`)
  if (table !== 'instance') return
  await client.query(`UPDATE "instance" SET (${quoted(columns)}) = (SELECT ${quoted(columns)} FROM ${INSTANCE}) WHERE "id" = 1`)
  await client.query(`UPDATE "instance" SET "setupCodeHash" = NULL WHERE "id" = 1`)
}
