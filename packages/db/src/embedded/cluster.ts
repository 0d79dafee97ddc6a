import { randomBytes } from 'node:crypto'
import { chown, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import type { Place } from './place.ts'
import { run } from './run.ts'

/** The role that owns the cluster; Roster itself works as a lesser one. */
export const SUPERUSER = 'postgres'

/**
 * Makes the cluster if there is none. It is made aside and renamed when whole, so one that was broken off
 * (power cut, kill -9) is never taken for a cluster; its remains are cleared away by the next start.
 */
export async function ensureCluster(place: Place, binaries: Binaries, password: string): Promise<void> {
  const { base } = place
  await clearBrokenOff(base)
  if (await exists(join(place.data, 'PG_VERSION'))) return
  const making = join(base, `data.${randomBytes(4).toString('hex')}.new`)
  const passwordFile = join(place.run, 'initdb-password')
  await mkdir(making, { mode: 0o700 })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (place.account !== undefined) {
    await chown(making, place.account.uid, place.account.gid)
    await chown(passwordFile, place.account.uid, place.account.gid)
  }
  const options = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--auth=scram-sha-256', '--no-instructions']
  const made = await run(binaries.initdb, ['-D', making, '-U', SUPERUSER, `--pwfile=${passwordFile}`, ...options], place.account)
  await rm(passwordFile, { force: true })
  if (made.code !== 0) throw new Error(`The database could not be made in ${base}: ${made.output.trim()}`)
  await rename(making, place.data)
}

async function clearBrokenOff(base: string): Promise<void> {
  const broken = (await readdir(base)).filter((name) => /^data\.[0-9a-f]{8}\.new$/.test(name))
  await Promise.all(broken.map((name) => rm(join(base, name), { recursive: true, force: true, maxRetries: 3 })))
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
