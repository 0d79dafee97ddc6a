import { rmSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Embedded, startEmbedded } from '../embedded.ts'
import { DataFolderInUse, lockFolder } from './lock.ts'
import { postgresFolder } from './place.ts'
import { stopOrphan } from './postmaster.ts'

const PREFIX = 'roster-temporary-'
// Nothing of it is kept, so nothing has to reach the disk.
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' }

/** A PostgreSQL in a temporary folder, fast and forgetful, for tests and tools. `stop` removes the folder. */
export async function startTemporary(): Promise<Embedded> {
  await sweep()
  const dataDir = await mkdtemp(join(tmpdir(), PREFIX))
  const remove = (): void => rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 })
  // For a run that is broken off: PostgreSQL is told to stop by then, too.
  process.once('exit', remove)
  const removeNow = (): void => {
    process.off('exit', remove)
    remove()
  }
  try {
    const server = await startEmbedded({ dataDir, settings: SETTINGS, log: () => undefined })
    return { ...server, stop: () => server.stop().then(removeNow) }
  } catch (error) {
    removeNow()
    throw error
  }
}

/** Stops and removes what earlier runs left behind because they were killed: those whose owner lock is free. */
async function sweep(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX))
  await Promise.all(names.map((name) => sweepOne(join(tmpdir(), name))))
}

async function sweepOne(dataDir: string): Promise<void> {
  const folder = postgresFolder(dataDir)
  try {
    // One that is only just being made has no lock yet.
    if (Date.now() - (await stat(dataDir)).mtimeMs < 60_000) return
    const lock = lockFolder(dataDir, join(folder, 'owner.lock'))
    await stopOrphan(join(folder, 'data'), () => undefined)
    lock.release()
    await rm(dataDir, { recursive: true, force: true })
  } catch (error) {
    // Somebody else's: another account's, one that is in use, or one that is gone by now.
    const theirs = error instanceof DataFolderInUse || (error instanceof Error && 'code' in error)
    if (!theirs) throw error
  }
}
