import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { createWriteStream } from 'node:fs'
import { link, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { finished } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { withClient } from '../client/connection.ts'
import { frame } from './frame.ts'
import { type BackupHeader, FORMAT, FORMAT_VERSION } from './header.ts'
import { BACKUP_TABLES, type BackupTable, quoteNames } from './tables.ts'

/** Called after each table. */
export type Progress = (table: string, rows: number) => void

/**
 * Writes a backup of the database to one file: a consistent snapshot, while others keep working. The file appears
 * complete or not at all, and only its owner can read it.
 *
 * @param directUrl the address of the server itself
 * @param file must not exist
 */
export async function writeBackup(
  directUrl: string,
  file: string,
  progress: Progress = () => undefined,
): Promise<{ rows: number }> {
  const unfinished = `${file}.${randomBytes(4).toString('hex')}.unfinished`
  const handle = await open(unfinished, 'wx', 0o600)
  try {
    const rows = await withClient(directUrl, async (client) => {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      return writeFrames(client, handle.createWriteStream({ flush: true }), progress)
    })
    // Unlike a rename, a link never replaces a file that was created since.
    await link(unfinished, file)
    await rm(unfinished)
    await syncFolder(dirname(file))
    return { rows }
  } catch (error) {
    await handle.close().catch(() => undefined)
    await rm(unfinished, { force: true })
    throw error
  }
}

async function writeFrames(
  client: pg.Client,
  file: ReturnType<typeof createWriteStream>,
  progress: Progress,
): Promise<number> {
  const compress = createZstdCompress()
  const written = finished(compress.pipe(file))
  // A failure rejects an await below. Without this handler it would count as unhandled until then.
  written.catch(() => undefined)
  const hash = createHash('sha256')
  const put = async (bytes: Buffer): Promise<void> => {
    hash.update(bytes)
    if (!compress.write(bytes)) await Promise.race([once(compress, 'drain'), written])
  }
  await put(frame('header', await headerOf(client)))
  let total = 0
  for (const table of BACKUP_TABLES) {
    const rows = await writeTable(client, table, put)
    progress(table.table, rows)
    total += rows
  }
  compress.end(frame('trailer', { sha256: hash.digest('hex') }))
  await written
  return total
}

async function writeTable(
  client: pg.Client,
  backupTable: BackupTable,
  put: (bytes: Buffer) => Promise<void>,
): Promise<number> {
  const columns = await columnsOf(client, backupTable)
  await put(frame('table', { table: backupTable.table, columns }))
  const copy = client.query(
    copyTo(
      `COPY (SELECT ${quoteNames(columns)} FROM ${quoteNames([backupTable.table])} ORDER BY ${quoteNames(backupTable.orderBy)}) TO STDOUT`,
    ),
  )
  for await (const chunk of copy) await put(frame('rows', chunk as Buffer))
  await put(frame('end', { table: backupTable.table, rows: copy.rowCount }))
  return copy.rowCount
}

async function headerOf(client: pg.Client): Promise<BackupHeader> {
  const { rows } = await client.query<Pick<BackupHeader, 'madeAt' | 'instanceName' | 'migrations' | 'auditMonths'>>(`
    SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "madeAt", (SELECT "name" FROM "instance" WHERE "id" = 1) AS "instanceName",
      (SELECT json_agg(migration_name ORDER BY migration_name) FROM _prisma_migrations WHERE finished_at IS NOT NULL) AS "migrations",
      (SELECT COALESCE(json_agg(m."month" ORDER BY m."month"), '[]') FROM (
        SELECT DISTINCT to_char("at" AT TIME ZONE 'UTC', 'YYYY-MM-01') AS "month" FROM "audit_event") m) AS "auditMonths"`)
  const [row] = rows
  if (!row) throw new Error('The database returned no row.')
  return { format: FORMAT, version: FORMAT_VERSION, ...row }
}

async function columnsOf(client: pg.Client, { table, without = [] }: BackupTable): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT attname::text AS "name" FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped AND attname <> ALL($2::text[]) ORDER BY attnum`,
    [quoteNames([table]), without],
  )
  return rows.map(({ name }) => name)
}

/** Flushes a folder to disk: a new file name survives a crash only then. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().catch(() => undefined)
  await handle.close()
}
