import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type LogHandler, type Plugin, type RollupBuild, rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import ts from 'typescript'
import { declarations } from './declarations.ts'
import { DOMAIN, OUTPUT, PACKAGE, SOURCE } from './place.ts'

const inDomain = (extension: string): Plugin => ({
  name: 'domain',
  resolveId: (id) => (id === '@roster/domain' ? resolve(DOMAIN, `index${extension}`) : null),
})

const withoutTypes: Plugin = {
  name: 'without-types',
  transform: (code) => ts.transpile(code, { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true }),
}

/** Whatever Rollup has doubts about, an import it can't find first of all, ends the build. */
const onLog: LogHandler = (level, log) => {
  if (level === 'warn') throw new Error(log.message)
}

/** Writes a file, and gives the packages that it imports. */
async function write(bundle: RollupBuild, name: string): Promise<string[]> {
  const { output } = await bundle.write({ file: `${OUTPUT}/${name}`, format: 'es' })
  return output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.imports : []))
}

/** The client and what it uses of the domain as one script; of other packages it imports only what package.json says it depends on. */
export async function bundleScript(): Promise<void> {
  const { dependencies } = JSON.parse(await readFile(`${PACKAGE}/package.json`, 'utf8')) as { dependencies: Record<string, string> }
  const bundle = await rollup({
    input: `${SOURCE}/index.ts`,
    external: (id) => /^[@\w]/u.test(id) && id !== '@roster/domain',
    // Nothing of ours does anything when it is only imported; the domain's input schemas fall away with their library.
    treeshake: { moduleSideEffects: false },
    plugins: [inDomain('.ts'), withoutTypes],
    onLog,
  })
  const foreign = await write(bundle, 'index.js')
  const undeclared = foreign.filter((name) => !(name in dependencies))
  if (undeclared.length > 0) throw new Error(`The client would need ${undeclared.join(', ')}, which package.json doesn't list.`)
}

/** All their types as one file that imports nothing. */
export async function bundleTypes(): Promise<void> {
  const files = declarations()
  const written: Plugin = {
    name: 'written',
    resolveId: (id, importer) => {
      const path = importer && id.startsWith('.') ? resolve(dirname(importer), id) : id
      const declaration = path.replace(/(\.d)?\.ts$/u, '.d.ts')
      return files.has(declaration) ? declaration : { id, external: true }
    },
    load: (id) => files.get(id),
  }
  const bundle = await rollup({ input: `${SOURCE}/index.d.ts`, plugins: [inDomain('.d.ts'), written, dts()], onLog })
  const foreign = await write(bundle, 'index.d.ts')
  if (foreign.length > 0) throw new Error(`The types would need ${foreign.join(', ')}: give what index.ts exports a type of its own.`)
}
