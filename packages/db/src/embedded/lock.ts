import { readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

const SQLITE_BUSY = 5

/** Raised when another running process owns the data folder. `pid`: that process, if known. */
export class DataFolderInUse extends Error {
  readonly pid: number | undefined
  constructor(dataDir: string, pid: number | undefined) {
    const owner = pid === undefined ? '' : ` (process ${pid})`
    super(
      `Another Roster is already running on the data folder ${dataDir}${owner}. Stop it first, or give this one a DATA_DIR of its own.`,
    )
    this.name = 'DataFolderInUse'
    this.pid = pid
  }
}

/** The lock of a data folder. */
export interface FolderLock {
  release(): void
}

/**
 * Acquires the owner lock of a data folder.
 *
 * It is the kernel's advisory lock on a file, so it ends with its process. No leftover file can block a start. Node has
 * no API for such locks, but its SQLite takes one for an exclusive transaction.
 * @throws {DataFolderInUse} when another process holds it
 */
export function lockFolder(dataDir: string, file: string): FolderLock {
  const pidFile = `${file}.pid`
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (isBusy(error)) throw new DataFolderInUse(dataDir, readPid(pidFile))
    throw error
  }
  // Only for naming the owner in the error message.
  writeFileSync(pidFile, `${process.pid}\n`)
  return { release: () => database.close() }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}

function readPid(file: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10)
    return Number.isInteger(pid) ? pid : undefined
  } catch {
    return undefined
  }
}
