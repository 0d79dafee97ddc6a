import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Account, canEnter, databaseAccount } from './account.ts'

/** The paths of a cluster. */
export interface DataLocation {
  /** DATA_DIR/postgres: owner lock, passwords and log. PostgreSQL's account can't read them. */
  folder: string
  /** The parent of `data` and `run`: the same folder, or one in /var/lib. */
  base: string
  /** PostgreSQL's own data folder. */
  data: string
  /** The folder of the socket, closed to others. */
  run: string
  log: string
  /** The account that runs PostgreSQL; undefined: the same as Roster's. */
  account: Account | undefined
}

/** The folder of the embedded PostgreSQL in DATA_DIR. */
export function postgresFolder(dataDir: string): string {
  return join(dataDir, 'postgres')
}

/** Creates DATA_DIR and the folder in it, closed to others. */
export async function createFolder(dataDir: string): Promise<string> {
  const folder = postgresFolder(dataDir)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return folder
}

/**
 * Determines the paths of data and socket, and creates the folders. As root, they belong to PostgreSQL's account. If
 * that can't enter DATA_DIR, they are in /var/lib: this is logged, and stored in the file `postgres/place` in DATA_DIR.
 */
export async function prepareLocation(dataDir: string, log: (line: string) => void): Promise<DataLocation> {
  const folder = postgresFolder(dataDir)
  const stored = await readFile(join(folder, 'place'), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  )
  const account = await databaseAccount(join(stored ?? folder, 'data'))
  const base = stored ?? (account === undefined ? folder : await findAccessibleFolder(dataDir, folder, account, log))
  if (account !== undefined && !(await canEnter(account, base)))
    throw new Error(
      `PostgreSQL's account (uid ${account.uid}) can no longer enter ${base}. Run chmod o+x on each folder of that path.`,
    )
  const location = {
    folder,
    base,
    data: join(base, 'data'),
    run: join(base, 'run'),
    log: join(folder, 'postgres.log'),
    account,
  }
  await mkdir(location.run, { recursive: true, mode: 0o700 })
  await chmod(location.run, 0o700)
  if (account !== undefined) await chown(location.run, account.uid, account.gid)
  return location
}

async function findAccessibleFolder(
  dataDir: string,
  folder: string,
  account: Account,
  log: (line: string) => void,
): Promise<string> {
  await allowTraversal(folder, account)
  // A DATA_DIR with nothing but this folder belongs to Roster, which may open it for the account. Any other stays as it
  // is.
  if ((await readdir(dataDir)).length === 1) await allowTraversal(dataDir, account)
  if (await canEnter(account, folder)) return folder
  // Not derived from the path of DATA_DIR: a new DATA_DIR must not find the cluster of a deleted one.
  const fallback = `/var/lib/roster-${randomBytes(4).toString('hex')}`
  await mkdir(fallback, { recursive: true, mode: 0o755 })
  await writeSecret(join(folder, 'place'), fallback)
  log(`The database is in ${fallback}, because PostgreSQL does not run as root and its account can't enter ${dataDir}.`)
  return fallback
}

/** Lets the account's group traverse a closed folder, without listing or reading it. */
async function allowTraversal(folder: string, account: Account): Promise<void> {
  const { mode, uid } = await stat(folder)
  if (uid !== 0 || (mode & 0o077) !== 0) return
  await chown(folder, 0, account.gid)
  await chmod(folder, 0o710)
}

/** Reads a random secret from a file that only Roster can read; creates it on first use. */
export async function ensureSecret(file: string): Promise<string> {
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
