import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '@roster/db'

/** A PostgreSQL outside of any Roster server, as in a cluster. */
export interface Database {
  url: string
  /** Stop it, as after a failure of its machine. */
  halt(): Promise<void>
  /** Start it again, with its data, at the same address. */
  resume(): Promise<void>
  stop(): Promise<void>
}

/** Start a PostgreSQL on an empty folder. */
export async function startDatabase(): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'roster-e2e-db-'))
  await chmod(folder, 0o755)
  const start = () => startEmbedded({ dataDir: folder, log: () => undefined })
  let running = await start()
  return {
    url: running.url,
    halt: () => running.stop(),
    async resume() {
      running = await start()
    },
    async stop() {
      await running.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
