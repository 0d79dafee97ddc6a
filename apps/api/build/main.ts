// Builds the server into dist/: each program with everything it imports, in few files. `npm start` runs them.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { compilerAsFile } from './compilerAsFile.ts'
import { ownPlace } from './ownPlace.ts'

const OUTPUT = fileURLToPath(new URL('../dist', import.meta.url))
const PACKAGE = fileURLToPath(new URL('..', import.meta.url))

/** Our own modules that only declare. The others start a program when they are loaded. */
const OWN = /\/(packages\/\w+|apps\/api)\/src\/(?!main|demo\.ts|demo\/start|server\/start|server\/compileCache).*\.ts$/u

const bundle = await rolldown({
  cwd: PACKAGE,
  input: { main: 'src/main.ts', demo: 'src/demo.ts' },
  platform: 'node',
  preserveEntrySignatures: false,
  // Optional parts of `pg`, which are not installed.
  external: ['pg-native', 'pg-cloudflare', 'cloudflare:sockets'],
  plugins: [ownPlace, compilerAsFile],
  onLog(level, log) {
    if (level === 'warn') throw new Error(log.message)
  },
})
const { output } = await bundle.write({
  dir: OUTPUT,
  cleanDir: true,
  format: 'esm',
  sourcemap: true,
  // Apart from the packages, because only our own source map is read.
  codeSplitting: { groups: [{ name: 'roster', test: OWN }], includeDependenciesRecursively: false },
  // Names stay as they are: a stack trace shows them. Without comments and spaces, V8 keeps less text in memory.
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  sourcemapExcludeSources: true,
})
for (const file of output) {
  if (file.type === 'chunk' && !file.moduleIds.some((id) => OWN.test(id) || id.startsWith(`${PACKAGE}src/`)))
    await slimPackages(join(OUTPUT, file.fileName))
}

/**
 * Removes the source map of a file of packages: it takes tens of megabytes to read, and their names are in the stack
 * anyway. Escapes its few characters beyond ASCII, because one of them makes V8 keep the whole text in two bytes each.
 */
async function slimPackages(path: string): Promise<void> {
  await rm(`${path}.map`, { force: true })
  const code = await readFile(path, 'utf8')
  if (/\\\P{ASCII}/u.test(code)) throw new Error(`${path} escapes a character that can't be written in ASCII.`)
  const ascii = code.replace(/\P{ASCII}/gv, (text) =>
    Array.from({ length: text.length }, (_, n) => `\\u${text.charCodeAt(n).toString(16).padStart(4, '0')}`).join(''),
  )
  await writeFile(path, ascii)
}
