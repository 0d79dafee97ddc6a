import { randomBytes } from 'node:crypto'
import { chown, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import type { DataLocation } from './location.ts'
import { run } from './run.ts'

/** The role that owns the cluster. Roster itself uses a role with fewer rights. */
export const SUPERUSER = 'postgres'

/**
 * Creates the cluster if there is none, under another name that is changed when it is complete. So an interrupted
 * creation (power failure, kill -9) is never taken for a cluster. The next start deletes its remains.
 */
export async function ensureCluster(location: DataLocation, binaries: Binaries, password: string): Promise<void> {
  const { base } = location
  await removePartialClusters(base)
  if (await exists(join(location.data, 'PG_VERSION'))) return
  const unfinished = join(base, `data.${randomBytes(4).toString('hex')}.new`)
  const passwordFile = join(location.run, 'initdb-password')
  await mkdir(unfinished, { mode: 0o700 })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (location.account !== undefined) {
    await chown(unfinished, location.account.uid, location.account.gid)
    await chown(passwordFile, location.account.uid, location.account.gid)
  }
  const options = [
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--auth=scram-sha-256',
    '--no-instructions',
  ]
  const result = await run(
    binaries.initdb,
    ['-D', unfinished, '-U', SUPERUSER, `--pwfile=${passwordFile}`, ...options],
    location.account,
  )
  await rm(passwordFile, { force: true })
  if (result.code !== 0) throw new Error(`The database could not be created in ${base}: ${result.output.trim()}`)
  await rename(unfinished, location.data)
}

async function removePartialClusters(base: string): Promise<void> {
  const partial = (await readdir(base)).filter((name) => /^data\.[0-9a-f]{8}\.new$/.test(name))
  await Promise.all(partial.map((name) => rm(join(base, name), { recursive: true, force: true, maxRetries: 3 })))
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
