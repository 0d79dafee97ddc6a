import { randomUUIDv7 } from 'node:crypto'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { withClient } from '../client/connection.ts'
import { backupFrames, type CheckedBackup, checkBackup } from './check.ts'
import { type BackupHeader, readEnd, readTable } from './header.ts'
import { BackupRefused } from './refused.ts'
import { quoteNames } from './tables.ts'
import type { Progress } from './write.ts'

/** Whether to restore a backup with secrets that belong to this key check. */
export type AcceptKey = (secretCheck: Buffer) => boolean

/**
 * Restores a backup into an instance without users. Checks the whole file first, and then restores all of it in one
 * transaction.
 *
 * @param directUrl the address of the server itself, migrated to this version
 * @throws {BackupRefused} when the file is incomplete or of another version, its secrets have another key, or the
 * instance has users
 */
export async function restoreBackup(
  directUrl: string,
  file: string,
  { progress = () => undefined, acceptKey = () => false }: { progress?: Progress; acceptKey?: AcceptKey } = {},
): Promise<{ header: BackupHeader; rows: number }> {
  const { header, secretCheck } = await checkBackup(file)
  requireKey(secretCheck, acceptKey)
  return withClient(directUrl, async (client) => {
    await client.query('BEGIN')
    await requireEmptyInstance(client, header)
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

function requireKey(secretCheck: CheckedBackup['secretCheck'], acceptKey: AcceptKey): void {
  if (secretCheck === null || acceptKey(secretCheck)) return
  throw new BackupRefused(
    'The secrets of this backup were encrypted with another key than the one here. Set its own key first: SECRET_KEY, or the file secret-key of its data folder.',
  )
}

async function requireEmptyInstance(client: pg.Client, header: BackupHeader): Promise<void> {
  // Makes setup and other restores wait for this one.
  await client.query('SELECT 1 FROM "instance" WHERE "id" = 1 FOR UPDATE')
  const { rows } = await client.query<{ used: boolean; migrations: string[] }>(
    `SELECT EXISTS (SELECT 1 FROM "organization") OR EXISTS (SELECT 1 FROM "user") AS "used",
      (SELECT json_agg(migration_name ORDER BY migration_name) FROM _prisma_migrations WHERE finished_at IS NOT NULL) AS "migrations"`,
  )
  const [target] = rows
  if (target?.used !== false)
    throw new BackupRefused(
      'This instance already has users. Restore the backup into an empty one: a new data folder or a new database.',
    )
  if (JSON.stringify(target.migrations) !== JSON.stringify(header.migrations))
    throw new BackupRefused(
      'This backup was written by another version of Roster. Restore it with that version, and then start this one, which migrates the database.',
    )
}

/** A table that is being restored. */
interface TableCopy {
  table: string
  columns: string[]
  copy: ReturnType<typeof copyFrom>
  /** Settles when PostgreSQL has accepted or refused all rows. */
  finished: Promise<void>
}

async function copyTables(client: pg.Client, file: string, progress: Progress): Promise<number> {
  let total = 0
  let copying: TableCopy | undefined
  for await (const { kind, content } of backupFrames(file)) {
    if (kind === 'table') copying = await beginTable(client, readTable(content))
    else if (kind === 'rows' && copying && !copying.copy.write(Buffer.from(content)))
      await Promise.race([once(copying.copy, 'drain'), copying.finished])
    else if (kind === 'end' && copying) {
      const { table, rows } = readEnd(content)
      await endTable(client, copying, rows)
      progress(table, rows)
      total += rows
    }
  }
  return total
}

// The instance's row already exists, with its own keys, which no backup has. The other columns are restored over it.
const INSTANCE = 'restored_instance'

async function beginTable(
  client: pg.Client,
  { table, columns }: { table: string; columns: string[] },
): Promise<TableCopy> {
  const into = table === 'instance' ? INSTANCE : table
  if (into === INSTANCE)
    await client.query(
      `CREATE TEMPORARY TABLE ${INSTANCE} ON COMMIT DROP AS SELECT ${quoteNames(columns)} FROM "instance" WITH NO DATA`,
    )
  const copy = client.query(copyFrom(`COPY ${quoteNames([into])} (${quoteNames(columns)}) FROM STDIN`))
  const copied = finished(copy)
  copied.catch(() => undefined)
  return { table, columns, copy, finished: copied }
}

async function endTable(
  client: pg.Client,
  { table, columns, copy, finished: copied }: TableCopy,
  rows: number,
): Promise<void> {
  copy.end()
  await copied
  if (copy.rowCount !== rows)
    throw new BackupRefused(`The backup was altered: “${table}” has ${copy.rowCount} rows instead of ${rows}.`)
  if (table !== 'instance') return
  await client.query(
    `UPDATE "instance" SET (${quoteNames(columns)}) = (SELECT ${quoteNames(columns)} FROM ${INSTANCE}) WHERE "id" = 1`,
  )
  await client.query(`UPDATE "instance" SET "setupCodeHash" = NULL WHERE "id" = 1`)
}
