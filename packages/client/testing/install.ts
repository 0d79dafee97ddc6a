import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PACKAGE = resolve(import.meta.dirname, '..')
const INSTALLED = resolve(PACKAGE, '../../node_modules')

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2024',
    lib: ['ES2024'],
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    skipLibCheck: false,
    noEmit: true,
    types: ['node'],
  },
}

/** A project of another developer: a folder with a program and the packages of its package.json. */
export interface Project {
  folder: string
  /** The files of the package, as `npm pack` lists them. */
  files: string[]
  /** The errors of the type checker; empty when there are none. */
  check: () => Promise<string>
  /** Runs the program and returns its output. */
  run: (...args: string[]) => Promise<string>
  remove: () => Promise<void>
}

/**
 * Builds and packs the client, and installs it into an empty project with `program` (a file's path). Nothing is
 * downloaded: only the client's dependencies are linked, so an import that its package.json doesn't list fails.
 */
export async function installInto(program: string): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'roster-project-'))
  await run(process.execPath, [join(PACKAGE, 'build/main.ts')])
  const files = await unpack(await pack(folder), join(folder, 'node_modules/@roster/client'))
  const { dependencies } = JSON.parse(
    await readFile(join(folder, 'node_modules/@roster/client/package.json'), 'utf8'),
  ) as { dependencies: object }
  for (const name of [...Object.keys(dependencies), '@types/node', 'undici-types']) await link(name, folder)
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ type: 'module', dependencies: { '@roster/client': '*' } }),
  )
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG))
  await writeFile(join(folder, 'program.ts'), await readFile(program))
  return {
    folder,
    files,
    check: () => outputOf(process.execPath, [join(INSTALLED, 'typescript/bin/tsc'), '-p', folder], folder),
    run: (...args) => outputOf(process.execPath, ['program.ts', ...args], folder),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

async function pack(folder: string): Promise<string> {
  // Uses the script of the npm that runs this test, since the `npm` of the PATH can be another version.
  const script = process.env['npm_execpath']
  const args = ['pack', '--pack-destination', folder, '--ignore-scripts', '--loglevel=error']
  const { stdout } = script?.endsWith('npm-cli.js')
    ? await run(process.execPath, [script, ...args], { cwd: PACKAGE })
    : await run('npm', args, { cwd: PACKAGE })
  return join(folder, stdout.trim())
}

async function unpack(archive: string, into: string): Promise<string[]> {
  await mkdir(into, { recursive: true })
  const { stdout } = await run('tar', ['-xvzf', archive, '--strip-components=1', '-C', into])
  return stdout.trim().split('\n').sort()
}

async function link(name: string, folder: string): Promise<void> {
  const path = join(folder, 'node_modules', name)
  await mkdir(dirname(path), { recursive: true })
  await symlink(join(INSTALLED, name), path)
}

/** The output and errors of a program, whatever its exit code. */
async function outputOf(file: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout, stderr } = await run(file, args, { cwd, timeout: 60_000 }).catch(
    (error: { stdout: string; stderr: string }) => error,
  )
  return stdout + stderr
}
