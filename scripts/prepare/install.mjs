import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fingerprint } from './fingerprint.mjs'
import { Failure, pinnedNode, root, run } from './run.mjs'

/** @type {import('./steps.mjs').Step} */
export const installDependencies = {
  title: 'Installing dependencies',
  stampFile: `${root}node_modules/.roster-lock`,
  product: pinnedNode,
  fingerprint: () => `${process.platform} ${process.arch} ${fingerprint(['package-lock.json'])}`,
  alreadyThere: () => existsSync(pinnedNode) && missing().length === 0,
  async make(quiet) {
    // npm's own script when npm runs us: the `npm` of the PATH may be another, or a wrapper that isn't there.
    const ownNpm = process.env['npm_execpath']?.endsWith('npm-cli.js') ? process.env['npm_execpath'] : undefined
    // Whatever NODE_ENV or a personal .npmrc leaves out, the console's build and the platform's binaries are needed; no dependency's script is.
    // Not `npm ci`: it refuses a lockfile that lacks another platform's optional binaries, which npm drops where the registry doesn't offer them.
    const args = ['install', '--no-save', '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    const code = await (ownNpm ? run(process.execPath, [ownNpm, ...args], { quiet }) : run('npm', args, { quiet }))
    if (code !== 0) {
      throw new Failure(
        'The dependencies could not be installed: npm says why above. Most often the package registry was out of reach, or the disk is full; run the command again once that is mended.',
      )
    }
    const absent = missing()
    if (absent.length > 0) {
      throw new Failure(
        `npm left out what this machine needs: ${absent.slice(0, 5).join(', ')}${absent.length > 5 ? ` and ${absent.length - 5} more` : ''}. ` +
          "The package registry probably didn't answer for it; run the command again.",
      )
    }
    linkNode()
    if (!existsSync(pinnedNode) || (await run(pinnedNode, ['--version'], { quiet: true })) !== 0) {
      throw new Failure(
        `Roster brings its own Node for Linux (glibc) and macOS, on x64 and arm64. None of them runs on this machine (${process.platform} ${process.arch}).`,
      )
    }
  },
}

/** npm 10 loses the link to a program that several packages offer, even when all but one are for other machines. */
function linkNode() {
  const program = `../node-${process.platform}-${process.arch}/bin/node`
  if (existsSync(pinnedNode) || !existsSync(join(dirname(pinnedNode), program))) return
  rmSync(pinnedNode, { force: true })
  symlinkSync(program, pinnedNode)
}

/**
 * What the lockfile asks of this machine and node_modules doesn't hold, by npm's own record of what it installed, and by what lies there:
 * npm writes the record even when it was told to touch the lockfile alone. And npm passes over an optional package whose download fails, and says nothing.
 */
function missing() {
  const wanted = packagesOf('package-lock.json')
  const installed = packagesOf('node_modules/.package-lock.json')
  return [...wanted]
    .filter(([path, entry]) => path.startsWith('node_modules/') && isForThisMachine(entry) && !(isSame(entry, installed.get(path)) && existsSync(root + path)))
    .map(([path]) => path)
}

/**
 * @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, peer?: boolean, os?: string | string[], cpu?: string | string[], libc?: string | string[] }} Entry
 * @param {string} file
 * @returns {Map<string, Entry>}
 */
function packagesOf(file) {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(root + file, 'utf8')).packages))
  } catch {
    return new Map()
  }
}

/** @param {Entry} entry */
function isForThisMachine(entry) {
  if (!entry.optional) return true
  // An optional package that names no machine may have been left out for the sake of one that does.
  return [entry.os].flat().includes(process.platform) && [entry.cpu].flat().includes(process.arch) && entry.libc === undefined
}

/**
 * @param {Entry} wanted
 * @param {Entry | undefined} installed
 */
function isSame(wanted, installed) {
  return installed !== undefined && wanted.version === installed.version && wanted.integrity === installed.integrity
}
