// Deletes the packages that the API does not lead to. npm also installs optional peers, such as Prisma's command and a
// compiler, even without development packages. The server never loads them.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const FIRST = 'apps/api'

/**
 * @typedef {{ link?: boolean, resolved?: string, dependencies?: Record<string, string>, optionalDependencies?:
 * Record<string, string>, peerDependencies?: Record<string, string>, peerDependenciesMeta?: Record<string, { optional?:
 * boolean }> }} Entry
 * @type {Record<string, Entry>}
 */
const packages = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages
/** Paths of the lockfile, such as `node_modules/pg`. */
const required = new Set([FIRST])

for (const path of required) {
  const { link, resolved, dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
    packages[path] ?? {}
  if (link && resolved) required.add(resolved)
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => !peerDependenciesMeta?.[name]?.optional)
  for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) {
    const found = locate(path, name)
    if (found) required.add(found)
  }
}

deleteOthers('node_modules')

/**
 * Finds a package as Node does: beside the one that needs it, or further up.
 *
 * @param {string} from
 * @param {string} name
 * @returns {string | undefined}
 */
function locate(from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const path = join(folder, 'node_modules', name)
    if (packages[path]) return path
    if (folder === '') return undefined
  }
}

/** @param {string} folder */
function deleteOthers(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (name.startsWith('@')) deleteOthers(path)
    else if (!required.has(path)) rmSync(path, { recursive: true })
  }
}
