import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Account, canEnter, databaseAccount } from './account.ts'

/** Where a cluster's parts lie. */
export interface Place {
  /** DATA_DIR/postgres: owner lock, passwords and log; the account of PostgreSQL can't read these. */
  folder: string
  /** Holds `data` and `run`: the same folder, or one in /var/lib. */
  base: string
  /** PostgreSQL's own data folder. */
  data: string
  /** The socket's folder, closed to others. */
  run: string
  log: string
  /** Whom PostgreSQL runs as; undefined: as ourselves. */
  account: Account | undefined
}

/** The folder inside DATA_DIR that holds everything of the embedded PostgreSQL. */
export function postgresFolder(dataDir: string): string {
  return join(dataDir, 'postgres')
}

/** Makes DATA_DIR and the folder in it, closed to others. */
export async function createFolder(dataDir: string): Promise<string> {
  const folder = postgresFolder(dataDir)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return folder
}

/**
 * Settles where data and socket lie, and makes their folders. As root they belong to PostgreSQL's account; where that can't
 * enter DATA_DIR, they lie in /var/lib, which `log` is told and a file in DATA_DIR remembers.
 */
export async function settlePlace(dataDir: string, log: (line: string) => void): Promise<Place> {
  const folder = postgresFolder(dataDir)
  const remembered = await readFile(join(folder, 'place'), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  )
  const account = await databaseAccount(join(remembered ?? folder, 'data'))
  const base = remembered ?? (account === undefined ? folder : await reachable(dataDir, folder, account, log))
  if (account !== undefined && !(await canEnter(account, base)))
    throw new Error(`PostgreSQL's account (uid ${account.uid}) can't enter ${base} any more. Let it, with chmod o+x on each folder of that path.`)
  const place = { folder, base, data: join(base, 'data'), run: join(base, 'run'), log: join(folder, 'postgres.log'), account }
  await mkdir(place.run, { recursive: true, mode: 0o700 })
  await chmod(place.run, 0o700)
  if (account !== undefined) await chown(place.run, account.uid, account.gid)
  return place
}

async function reachable(dataDir: string, folder: string, account: Account, log: (line: string) => void): Promise<string> {
  await letThrough(folder, account)
  // A DATA_DIR that holds nothing but our folder is ours to open for the account; anybody else's is left as it is.
  if ((await readdir(dataDir)).length === 1) await letThrough(dataDir, account)
  if (await canEnter(account, folder)) return folder
  // Not derived from DATA_DIR's path: one that was deleted and made anew must not find the old one's cluster.
  const elsewhere = `/var/lib/roster-${randomBytes(4).toString('hex')}`
  await mkdir(elsewhere, { recursive: true, mode: 0o755 })
  await writeSecret(join(folder, 'place'), elsewhere)
  log(`The database lies in ${elsewhere}, because PostgreSQL does not run as root and its account can't enter ${dataDir}.`)
  return elsewhere
}

/** Lets the account's group pass through a folder that is closed to others, without letting it list or read anything. */
async function letThrough(folder: string, account: Account): Promise<void> {
  const { mode, uid } = await stat(folder)
  if (uid !== 0 || (mode & 0o077) !== 0) return
  await chown(folder, 0, account.gid)
  await chmod(folder, 0o710)
}

/** A random secret kept in a file that only we can read; made on first use. */
export async function keptSecret(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  const secret = randomBytes(24).toString('base64url')
  await writeSecret(file, secret)
  return secret
}

async function writeSecret(file: string, text: string): Promise<void> {
  const partial = `${file}.new`
  await writeFile(partial, `${text}\n`, { mode: 0o600, flush: true })
  await rename(partial, file)
}
