import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './run.mjs'

/**
 * Hashes the names and contents of files and folders.
 *
 * @param {readonly string[]} paths relative to the checkout; a missing one counts as empty
 * @param {(path: string) => boolean} [includes] called with each file and folder, relative to the checkout
 */
export function fingerprint(paths, includes = () => true) {
  const hash = createHash('sha256')
  for (const path of paths) add(join(root, path))
  return hash.digest('hex')

  /** @param {string} path */
  function add(path) {
    const name = relative(root, path)
    const stat = statSync(path, { throwIfNoEntry: false })
    if (!stat || !includes(name)) return
    if (stat.isDirectory()) {
      for (const entry of readdirSync(path).sort()) add(join(path, entry))
    } else {
      hash.update(`${name}\0${stat.size}\0`).update(readFileSync(path))
    }
  }
}
