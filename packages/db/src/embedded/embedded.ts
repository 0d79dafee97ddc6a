import { mkdir, readFile, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { prepareBinaries } from './binaries.ts'
import { ensureCluster, SUPERUSER } from './cluster.ts'
import { createFolder, ensureSecret, postgresFolder, prepareLocation } from './location.ts'
import { DataFolderInUse, lockFolder } from './lock.ts'
import { boundLog } from './log.ts'
import { readPostmaster, stopOrphan } from './postmaster.ts'
import { DATABASE, ensureDatabase } from './provision.ts'
import { type Address, chooseAddress, type Settings } from './server.ts'
import { supervise } from './supervisor.ts'

export { DataFolderInUse } from './lock.ts'

/** A running embedded PostgreSQL. */
export interface Embedded {
  /** For Roster itself: the owner of the database, not a superuser. */
  url: string
  /** For superuser tasks: creating and dropping databases. */
  adminUrl: string
  /** Shuts it down cleanly and releases the data folder. */
  stop(): Promise<void>
}

/** How to run an embedded PostgreSQL. `log` receives messages for the operator, one sentence each. */
export interface EmbeddedOptions {
  dataDir: string
  log: (line: string) => void
  /** PostgreSQL settings in addition to Roster's, by their names in its manual. */
  settings?: Settings
}

/**
 * Runs a PostgreSQL in DATA_DIR/postgres: creates it if there is none, stops one that an earlier owner left running,
 * and restarts it when it ends.
 * @throws {DataFolderInUse} when another process owns the folder
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
    const location = await prepareLocation(home, log)
    // Two copies of one DATA_DIR may point to the same folder outside of it.
    if (location.base !== folder) locks.push(lockFolder(location.base, join(location.base, 'owner.lock')))
    const binaries = await prepareBinaries(
      location.account,
      location.account === undefined ? folder : '/var/lib/roster',
      log,
    )
    await stopOrphan(location.data, log)
    await ensureCluster(location, binaries, passwords.superuser)
    await boundLog(location.log)
    const address = await chooseAddress(location)
    const server = await supervise({ location, binaries, address, settings, log })
    const urls = {
      url: urlOf(address, DATABASE, passwords.owner, DATABASE),
      adminUrl: urlOf(address, SUPERUSER, passwords.superuser, 'postgres'),
    }
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
 * For commands that may run beside the server: uses the PostgreSQL that another process runs in DATA_DIR, or starts
 * one. `stop` leaves the PostgreSQL of another process running.
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

/** The address of another process's PostgreSQL. Waits up to 10 s for one that is starting. */
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
  return {
    owner: await ensureSecret(join(folder, 'password')),
    superuser: await ensureSecret(join(folder, 'superuser-password')),
  }
}

function urlOf({ host, port }: Address, user: string, password: string, database: string): string {
  const target = host.startsWith('/')
    ? `localhost:${port}/${database}?host=${encodeURIComponent(host)}`
    : `${host}:${port}/${database}`
  return `postgresql://${user}:${password}@${target}`
}
