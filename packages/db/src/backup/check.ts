import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createZstdDecompress } from 'node:zlib'
import { type Frame, framesOf } from './frame.ts'
import { type BackupHeader, readEnd, readHeader, readTable, readTrailer } from './header.ts'
import { BackupRefused } from './refused.ts'
import { KEPT } from './tables.ts'

/** The frames of a backup's file. @throws {BackupRefused} where it can't be read, isn't a backup, or is torn */
export async function* backupFrames(file: string): AsyncGenerator<Frame, void> {
  const source = createReadStream(file)
  const decompress = createZstdDecompress()
  source.on('error', (error) => decompress.destroy(error))
  try {
    yield* framesOf(source.pipe(decompress))
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
  if (code.startsWith('ZSTD_error_prefix') || code === 'ZSTD_error_frameParameter_unsupported') return 'This is not a backup of Roster.'
  return 'The backup is torn or was altered: it can’t be unpacked to its end.'
}

/** A backup that was read to its end. */
export interface CheckedBackup {
  header: BackupHeader
  rows: Map<string, number>
  /** The known text under the key that its secrets are sealed with; null when it holds none. */
  secretCheck: Buffer | null
}

/** One column of the only row of a table, from PostgreSQL's COPY text: bytes in hexadecimal, after an escaped `\\x`; null for `\\N`. */
function bytesOf(columns: readonly string[], row: string, column: string): Buffer | null {
  const value = row.replace(/\n$/u, '').split('\t')[columns.indexOf(column)]
  return value === undefined || !value.startsWith('\\\\x') ? null : Buffer.from(value.slice(3), 'hex')
}

/**
 * Read a backup to its end: every table there in its order, every count and the checksum right.
 * @throws {BackupRefused} with the reason
 */
export async function checkBackup(file: string): Promise<CheckedBackup> {
  const hash = createHash('sha256')
  const rows = new Map<string, number>()
  let header: BackupHeader | undefined
  let table: string | undefined
  let columns: string[] = []
  let instance = ''
  let whole = false
  for await (const { kind, bytes, content } of backupFrames(file)) {
    if (whole) throw new BackupRefused('The backup was altered: something follows after its end.')
    if ((kind === 'header') !== (header === undefined)) throw new BackupRefused('This is not a backup of Roster.')
    if (kind === 'header') header = readHeader(content)
    else if (kind === 'table') {
      const read = readTable(content)
      table = read.table
      if (table === 'instance') columns = read.columns
      if (table !== KEPT[rows.size]?.table) throw new BackupRefused(`The backup holds “${table}” where something else belongs.`)
    } else if (kind === 'end') {
      const end = readEnd(content)
      if (end.table !== table) throw new BackupRefused('The backup was altered: its tables don’t fit together.')
      rows.set(end.table, end.rows)
      table = undefined
    } else if (kind === 'rows' && table === undefined) throw new BackupRefused('The backup was altered: its tables don’t fit together.')
    else if (kind === 'rows' && table === 'instance') instance += content.toString('utf8')
    if (kind === 'trailer') {
      if (readTrailer(content).sha256 !== hash.digest('hex')) throw new BackupRefused('The backup was altered: its checksum is not right.')
      whole = true
    } else hash.update(bytes)
  }
  if (!header || !whole || rows.size !== KEPT.length) throw new BackupRefused('The backup is torn: its end is missing.')
  return { header, rows, secretCheck: bytesOf(columns, instance, 'secretCheck') }
}
