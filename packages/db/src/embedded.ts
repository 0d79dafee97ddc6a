import { mkdir, readFile, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { prepareBinaries } from './embedded/binaries.ts'
import { ensureCluster, SUPERUSER } from './embedded/cluster.ts'
import { DataFolderInUse, lockFolder } from './embedded/lock.ts'
import { boundLog } from './embedded/log.ts'
import { createFolder, keptSecret, postgresFolder, settlePlace } from './embedded/place.ts'
import { readPostmaster, stopOrphan } from './embedded/postmaster.ts'
import { DATABASE, ensureDatabase } from './embedded/provision.ts'
import { type Address, chooseAddress, type Settings } from './embedded/server.ts'
import { supervise } from './embedded/supervisor.ts'

export { DataFolderInUse } from './embedded/lock.ts'

/** A PostgreSQL of our own. */
export interface Embedded {
  /** For Roster itself: the database's owner, not a superuser. */
  url: string
  /** For what only a superuser may: making and dropping databases. */
  adminUrl: string
  /** Stops it cleanly (everything written, all connections ended) and gives the data folder back. */
  stop(): Promise<void>
}

/** How to run an embedded PostgreSQL. `log` is told what an operator should know, a sentence at a time. */
export interface EmbeddedOptions {
  dataDir: string
  log: (line: string) => void
  /** Settings of PostgreSQL on top of ours, by their names in its manual. */
  settings?: Settings
}

/**
 * Runs a PostgreSQL on DATA_DIR/postgres: makes it when there is none, takes over what an earlier owner left behind, starts it
 * again when it ends. Throws DataFolderInUse when another process owns that folder.
 */
export async function startEmbedded({ dataDir, log, settings = {} }: EmbeddedOptions): Promise<Embedded> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const home = await realpath(resolve(dataDir))
  const folder = await createFolder(home)
  const locks = [lockFolder(home, join(folder, 'owner.lock'))]
  const release = (): void => {
    for (const lock of locks) lock.release()
  }
  try {
    const passwords = await readPasswords(folder)
    const place = await settlePlace(home, log)
    // Two copies of one DATA_DIR may name the same place outside of it.
    if (place.base !== folder) locks.push(lockFolder(place.base, join(place.base, 'owner.lock')))
    const binaries = await prepareBinaries(place.account, place.account === undefined ? folder : '/var/lib/roster', log)
    await stopOrphan(place.data, log)
    await ensureCluster(place, binaries, passwords.superuser)
    await boundLog(place.log)
    const address = await chooseAddress(place)
    const server = await supervise({ place, binaries, address, settings, log })
    const urls = { url: urlOf(address, DATABASE, passwords.owner, DATABASE), adminUrl: urlOf(address, SUPERUSER, passwords.superuser, 'postgres') }
    try {
      await ensureDatabase(urls.url, urls.adminUrl, passwords.owner)
    } catch (error) {
      await server.stop()
      throw error
    }
    const stop = async (): Promise<void> => {
      await server.stop()
      release()
    }
    let stopped: Promise<void> | undefined
    return { ...urls, stop: () => (stopped ??= stop()) }
  } catch (error) {
    release()
    throw error
  }
}

/**
 * For commands that may run beside the server: uses the PostgreSQL that another process runs on DATA_DIR, or runs one.
 * What another owns, `stop` leaves running.
 */
export async function joinEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  try {
    return await startEmbedded(options)
  } catch (error) {
    if (!(error instanceof DataFolderInUse)) throw error
    const folder = postgresFolder(await realpath(resolve(options.dataDir)))
    const passwords = await readPasswords(folder)
    const address = await runningAddress(folder)
    if (address === undefined) throw error
    return {
      url: urlOf(address, DATABASE, passwords.owner, DATABASE),
      adminUrl: urlOf(address, SUPERUSER, passwords.superuser, 'postgres'),
      stop: async () => undefined,
    }
  }
}

/** Where the owner's PostgreSQL listens; waits up to 10 s for one that is just starting. */
async function runningAddress(folder: string): Promise<Address | undefined> {
  const base = await readFile(join(folder, 'place'), 'utf8').then(
    (text) => text.trim(),
    () => folder,
  )
  for (const end = Date.now() + 10_000; Date.now() < end; await sleep(50)) {
    const postmaster = await readPostmaster(join(base, 'data'))
    if (postmaster?.ready === true) return { host: postmaster.socketFolder ?? '127.0.0.1', port: postmaster.port }
  }
  return undefined
}

async function readPasswords(folder: string): Promise<{ owner: string; superuser: string }> {
  return { owner: await keptSecret(join(folder, 'password')), superuser: await keptSecret(join(folder, 'superuser-password')) }
}

function urlOf({ host, port }: Address, user: string, password: string, database: string): string {
  const where = host.startsWith('/') ? `localhost:${port}/${database}?host=${encodeURIComponent(host)}` : `${host}:${port}/${database}`
  return `postgresql://${user}:${password}@${where}`
}
