import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Embedded, startEmbedded } from './embedded.ts'
import { ENVIRONMENT } from './run.ts'

// No data is kept, so nothing has to reach the disk.
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' }

/**
 * A fast PostgreSQL without durability in a temporary folder, for tests and tools. It is removed when its process ends,
 * or earlier by `stop`.
 */
export async function startTemporary(): Promise<Embedded> {
  const dataDir = await mkdtemp(join(tmpdir(), 'roster-temporary-'))
  const cleaner = spawnCleaner(dataDir)
  const remove = async (): Promise<void> => {
    cleaner.ref()
    if (cleaner.kill('SIGKILL')) await once(cleaner, 'exit')
    await rm(dataDir, { recursive: true, force: true })
  }
  try {
    const server = await startEmbedded({ dataDir, settings: SETTINGS, log: () => undefined })
    return { ...server, stop: () => server.stop().then(remove) }
  } catch (error) {
    await remove()
    throw error
  }
}

/**
 * Spawns a shell that cleans up after this process ends, which closes the shell's standard input. After Ctrl-C or kill
 * -9 this process can't do it. The shell has its own process group, so that Ctrl-C does not reach it.
 */
function spawnCleaner(dataDir: string): ChildProcess {
  const script = `read -r _
    data="$1/postgres/data"
    for try in 1 2 3; do
      read -r pid < "$data/postmaster.pid" && kill -QUIT "$pid"
      sleep 1
      rm -rf "$1"
    done`
  const cleaner = spawn('/bin/sh', ['-c', script, 'sh', dataDir], {
    cwd: '/',
    env: ENVIRONMENT,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  cleaner.unref()
  return cleaner
}
