import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Embedded, startEmbedded } from '../embedded.ts'
import { ENVIRONMENT } from './run.ts'

// Nothing of it is kept, so nothing has to reach the disk.
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' }

/** A PostgreSQL in a temporary folder, fast and forgetful, for tests and tools. It goes with its process, however that ends; `stop` removes it sooner. */
export async function startTemporary(): Promise<Embedded> {
  const dataDir = await mkdtemp(join(tmpdir(), 'roster-temporary-'))
  const heir = appointHeir(dataDir)
  const remove = async (): Promise<void> => {
    heir.ref()
    if (heir.kill('SIGKILL')) await once(heir, 'exit')
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
 * A shell that waits for our end, which it notices by its standard input being closed, and then clears up: Ctrl-C and kill -9 leave us no time to do so.
 * In a process group of its own, so that Ctrl-C doesn't reach it as well.
 */
function appointHeir(dataDir: string): ChildProcess {
  const script = `read -r _
    data="$1/postgres/data"
    for try in 1 2 3; do
      read -r pid < "$data/postmaster.pid" && kill -QUIT "$pid"
      sleep 1
      rm -rf "$1"
    done`
  const heir = spawn('/bin/sh', ['-c', script, 'sh', dataDir], { cwd: '/', env: ENVIRONMENT, detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  heir.unref()
  return heir
}
