import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createZstdDecompress } from 'node:zlib'
import { type Frame, readFrames } from './frame.ts'
import { type BackupHeader, readEnd, readHeader, readTable, readTrailer } from './header.ts'
import { BackupRefused } from './refused.ts'
import { BACKUP_TABLES } from './tables.ts'

/** The frames of a backup file. @throws {BackupRefused} when it can't be read, isn't a backup, or is truncated */
export async function* backupFrames(file: string): AsyncGenerator<Frame, void> {
  const source = createReadStream(file)
  const decompress = createZstdDecompress()
  source.on('error', (error) => decompress.destroy(error))
  try {
    yield* readFrames(source.pipe(decompress))
  } catch (cause) {
    throw cause instanceof BackupRefused ? cause : new BackupRefused(reasonOf(cause), { cause })
  } finally {
    source.destroy()
    decompress.destroy()
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT') return 'There is no such file.'
  if (code === 'EACCES' || code === 'EISDIR') return 'The file can’t be read.'
  if (code.startsWith('ZSTD_error_prefix') || code === 'ZSTD_error_frameParameter_unsupported')
    return 'This is not a backup of Roster.'
  return 'The backup is truncated or was altered: it can’t be decompressed.'
}

/** The result of checking a whole backup. */
export interface CheckedBackup {
  header: BackupHeader
  rows: Map<string, number>
  /** The check of the key that its secrets are encrypted with; null when it has none. */
  secretCheck: Buffer | null
}

/** The bytes of one column in a row of PostgreSQL's COPY text: hexadecimal after an escaped `\\x`; null for `\\N`. */
function bytesOf(columns: readonly string[], row: string, column: string): Buffer | null {
  const value = row.replace(/\n$/u, '').split('\t')[columns.indexOf(column)]
  return value === undefined || !value.startsWith('\\\\x') ? null : Buffer.from(value.slice(3), 'hex')
}

/**
 * Reads a whole backup, and checks its tables and their order, their row counts and the checksum.
 * @throws {BackupRefused} with the reason
 */
export async function checkBackup(file: string): Promise<CheckedBackup> {
  const hash = createHash('sha256')
  const rows = new Map<string, number>()
  let header: BackupHeader | undefined
  let table: string | undefined
  let columns: string[] = []
  let instance = ''
  let isComplete = false
  for await (const { kind, bytes, content } of backupFrames(file)) {
    if (isComplete) throw new BackupRefused('The backup was altered: there is data after its end.')
    if ((kind === 'header') !== (header === undefined)) throw new BackupRefused('This is not a backup of Roster.')
    if (kind === 'header') header = readHeader(content)
    else if (kind === 'table') {
      const read = readTable(content)
      table = read.table
      if (table === 'instance') columns = read.columns
      if (table !== BACKUP_TABLES[rows.size]?.table)
        throw new BackupRefused(`The backup was altered: “${table}” is out of order.`)
    } else if (kind === 'end') {
      const end = readEnd(content)
      if (end.table !== table) throw new BackupRefused('The backup was altered: its tables don’t match.')
      rows.set(end.table, end.rows)
      table = undefined
    } else if (kind === 'rows' && table === undefined)
      throw new BackupRefused('The backup was altered: its tables don’t match.')
    else if (kind === 'rows' && table === 'instance') instance += content.toString('utf8')
    if (kind === 'trailer') {
      if (readTrailer(content).sha256 !== hash.digest('hex'))
        throw new BackupRefused('The backup was altered: its checksum is wrong.')
      isComplete = true
    } else hash.update(bytes)
  }
  if (!header || !isComplete || rows.size !== BACKUP_TABLES.length)
    throw new BackupRefused('The backup is truncated: its end is missing.')
  return { header, rows, secretCheck: bytesOf(columns, instance, 'secretCheck') }
}
