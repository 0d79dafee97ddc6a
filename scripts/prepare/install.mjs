import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fingerprint } from './fingerprint.mjs'
import { Failure, pinnedNode, root, runProgram } from './run.mjs'

/** @type {import('./steps.mjs').Step} */
export const installDependencies = {
  title: 'Installing dependencies',
  stampFile: `${root}node_modules/.roster-lock`,
  output: pinnedNode,
  fingerprint: () => `${process.platform} ${process.arch} ${fingerprint(['package-lock.json'])}`,
  isUpToDate: () => existsSync(pinnedNode) && missingPackages().length === 0,
  async run(quiet) {
    // The npm that runs this script, if one does: the `npm` in the PATH may be another or missing.
    const ownNpm = process.env['npm_execpath']?.endsWith('npm-cli.js') ? process.env['npm_execpath'] : undefined
    // The flags override NODE_ENV and a user's .npmrc: the build needs dev and optional packages, and no package needs
    // its scripts. `npm ci` refuses a lockfile without the optional binaries of other platforms, which npm drops where
    // the registry doesn't offer them.
    const args = [
      'install',
      '--no-save',
      '--include=dev',
      '--include=optional',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]
    const code = await (ownNpm
      ? runProgram(process.execPath, [ownNpm, ...args], { quiet })
      : runProgram('npm', args, { quiet }))
    if (code !== 0) {
      throw new Failure(
        'The dependencies could not be installed. See the output of npm above. Most often the package registry is unreachable or the disk is full. Fix that and run the command again.',
      )
    }
    const missing = missingPackages()
    if (missing.length > 0) {
      throw new Failure(
        `npm did not install packages that this machine needs: ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ` and ${missing.length - 5} more` : ''}. ` +
          "The package registry probably didn't answer. Run the command again.",
      )
    }
    linkNode()
    if (!existsSync(pinnedNode) || (await runProgram(pinnedNode, ['--version'], { quiet: true })) !== 0) {
      throw new Failure(
        `Roster installs its own Node, for Linux (glibc) and macOS on x64 and arm64. It does not run on this machine (${process.platform} ${process.arch}).`,
      )
    }
  },
}

/**
 * Links the pinned Node. npm 10 loses the link to a program that several packages offer, even if only one fits this
 * machine.
 */
function linkNode() {
  const program = `../node-${process.platform}-${process.arch}/bin/node`
  if (existsSync(pinnedNode) || !existsSync(join(dirname(pinnedNode), program))) return
  rmSync(pinnedNode, { force: true })
  symlinkSync(program, pinnedNode)
}

/**
 * Returns the packages of the lockfile that this machine needs and node_modules lacks. Compares npm's record of
 * installed packages, and checks the folders, since npm also writes the record for a lockfile-only install. npm
 * silently skips an optional package that fails to download.
 */
function missingPackages() {
  const required = readPackages('package-lock.json')
  const installed = readPackages('node_modules/.package-lock.json')
  return [...required]
    .filter(
      ([path, entry]) =>
        path.startsWith('node_modules/') &&
        isForThisMachine(entry) &&
        !(isSame(entry, installed.get(path)) && existsSync(root + path)),
    )
    .map(([path]) => path)
}

/**
 * @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, peer?: boolean, os?: string |
 * string[], cpu?: string | string[], libc?: string | string[] }} Entry
 * @param {string} file
 * @returns {Map<string, Entry>}
 */
function readPackages(file) {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(root + file, 'utf8')).packages))
  } catch {
    return new Map()
  }
}

/** @param {Entry} entry */
function isForThisMachine(entry) {
  if (!entry.optional) return true
  // npm may leave out an optional package without a platform when it belongs to one with a platform.
  return (
    [entry.os].flat().includes(process.platform) &&
    [entry.cpu].flat().includes(process.arch) &&
    entry.libc === undefined
  )
}

/**
 * @param {Entry} required
 * @param {Entry | undefined} installed
 */
function isSame(required, installed) {
  return installed !== undefined && required.version === installed.version && required.integrity === installed.integrity
}
