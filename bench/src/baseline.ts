import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, chmod, lstat, mkdtemp, rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'

const ROOT = join(import.meta.dirname, '../..')

/** The commit that every figure is compared with. */
export const BASELINE = 'd05f8b6592025feb73bcc0e26130727d12fa06e8'

/**
 * Returns the folder of a prepared checkout of the baseline, which stays in the system's temporary folder for the next
 * run. Returns null in a checkout without git history.
 */
export async function prepareBaseline(): Promise<string | null> {
  if (!(await hasCommit(BASELINE))) {
    console.log(`This checkout has no git history with ${short(BASELINE)}: nothing is compared with it.`)
    return null
  }
  const folder = join(tmpdir(), `roster-baseline-${process.getuid?.()}-${short(BASELINE)}`)
  if (!(await exists(folder))) await extract(BASELINE, folder)
  await requireOwnFolder(folder)
  console.log(`Preparing ${short(BASELINE)} in ${folder} …`)
  const program = spawn(process.execPath, ['scripts/prepare.mjs', '--quiet'], { cwd: folder, stdio: 'inherit' })
  const [code] = (await once(program, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${folder} could not be prepared`)
  return folder
}

/** Shortens a commit's hash. */
export function short(commit: string): string {
  return commit.slice(0, 7)
}

async function hasCommit(commit: string): Promise<boolean> {
  return promisify(execFile)('git', ['cat-file', '-e', `${commit}^{commit}`], { cwd: ROOT }).then(
    () => true,
    () => false,
  )
}

/** Writes the files of a commit to a new folder, all or nothing. */
async function extract(commit: string, folder: string): Promise<void> {
  const unfinished = await mkdtemp(`${folder}-`)
  // mkdtemp's folder is closed to the account that PostgreSQL runs under when we are root.
  await chmod(unfinished, 0o755)
  const archive = spawn('git', ['archive', commit], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  const tar = spawn('tar', ['-x', '-C', unfinished], { stdio: ['pipe', 'ignore', 'inherit'] })
  const ended = Promise.all([once(archive, 'exit'), once(tar, 'exit')])
  await pipeline(archive.stdout, tar.stdin)
  const codes = (await ended).map(([code]) => code as number | null)
  if (codes.some((code) => code !== 0)) throw new Error(`${commit} could not be written to ${unfinished}`)
  await rename(unfinished, folder)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** The temporary folder is shared: @throws where another account has put a folder of this name. */
async function requireOwnFolder(folder: string): Promise<void> {
  const stat = await lstat(folder)
  if (!stat.isDirectory() || stat.uid !== process.getuid?.()) throw new Error(`${folder} belongs to another account`)
}
