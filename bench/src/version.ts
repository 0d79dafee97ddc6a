import { join } from 'node:path'
import { sessionCookieName } from '@roster/api/session'
import { type Database, joinEmbedded, openPool } from '@roster/db'
import { createClient, type RosterClient } from './client.ts'
import { NAMES_NOW, NAMES_THEN } from './names.ts'
import { type Seeded, seed } from './seed.ts'
import { type ServerProcess, startServer } from './serverProcess.ts'

export const ROOT = join(import.meta.dirname, '../..')

/** A server of one version with 100,000 users, a signed-in client, and connections to its database. */
export interface Version {
  /** The folder of its checkout. */
  root: string
  roster: RosterClient
  seeded: Seeded
  pool: Database['pool']
  databaseUrl: string
  stop: () => Promise<void>
}

/** The two versions that are compared; `baseline` is null without git history. */
export interface Versions {
  now: Version
  baseline: Version | null
}

/** Starts and seeds this version, and the one in `baselineRoot`. Each has a process and an embedded database of its own. */
export async function startVersions(folder: string, baselineRoot: string | null): Promise<Versions> {
  const now = await startVersion(ROOT, join(folder, 'now'))
  try {
    return { now, baseline: baselineRoot === null ? null : await startVersion(baselineRoot, join(folder, 'then')) }
  } catch (error) {
    await now.stop()
    throw error
  }
}

async function startVersion(root: string, dataDir: string): Promise<Version> {
  const server = await startServer({ root, env: { DATA_DIR: dataDir } })
  try {
    return await openVersion(server, root, dataDir)
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function openVersion(server: ServerProcess, root: string, dataDir: string): Promise<Version> {
  const { url: databaseUrl } = await joinEmbedded({ dataDir, log: console.error })
  const pool = openPool({ url: databaseUrl })
  console.log(`Seeding 100,000 users and 1,000 workspaces of ${root} …`)
  // Without the limits of a server's pool: a statement of the seed may take longer on a slow day.
  const seedPool = openPool({ url: databaseUrl, max: 1, queryTimeout: 600_000, pooled: true })
  const seeded = await seed(seedPool)
  await seedPool.end()
  const { rows } = await pool.query<{ hmacKey: Buffer }>('SELECT "hmacKey" FROM "instance"')
  const [instance] = rows
  if (!instance) throw new Error('the server has created no instance')
  const cookieName = sessionCookieName({ publicUrl: null, hmacKey: instance.hmacKey })
  const names = root === ROOT ? NAMES_NOW : NAMES_THEN
  return {
    root,
    roster: createClient(server.address, cookieName, seeded.token, names),
    seeded,
    pool,
    databaseUrl,
    async stop() {
      await pool.end()
      await server.stop()
    },
  }
}
