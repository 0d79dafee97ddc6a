import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type LogHandler, type Plugin, type RollupBuild, rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import ts from 'typescript'
import { declarations } from './declarations.ts'
import { DOMAIN, OUTPUT, PACKAGE, SOURCE } from './paths.ts'

const inDomain = (extension: string): Plugin => ({
  name: 'domain',
  resolveId: (id) => (id === '@roster/domain' ? resolve(DOMAIN, `index${extension}`) : null),
})

const withoutTypes: Plugin = {
  name: 'without-types',
  transform: (code) =>
    ts.transpile(code, { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true }),
}

/** Every warning of Rollup fails the build, such as an import that it can't resolve. */
const onLog: LogHandler = (level, log) => {
  if (level === 'warn') throw new Error(log.message)
}

/** Writes a file and returns the packages that it imports. */
async function write(bundle: RollupBuild, name: string): Promise<string[]> {
  const { output } = await bundle.write({ file: `${OUTPUT}/${name}`, format: 'es' })
  return output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.imports : []))
}

/**
 * Bundles the client, with the parts of the domain that it uses, as one script. It imports only the packages in
 * package.json.
 */
export async function bundleScript(): Promise<void> {
  const { dependencies } = JSON.parse(await readFile(`${PACKAGE}/package.json`, 'utf8')) as {
    dependencies: Record<string, string>
  }
  const bundle = await rollup({
    input: `${SOURCE}/index.ts`,
    external: (id) => /^[@\w]/u.test(id) && id !== '@roster/domain',
    // No module of ours has side effects, so the domain's unused schemas are dropped, and zod with them.
    treeshake: { moduleSideEffects: false },
    plugins: [inDomain('.ts'), withoutTypes],
    onLog,
  })
  const imports = await write(bundle, 'index.js')
  const undeclared = imports.filter((name) => !(name in dependencies))
  if (undeclared.length > 0)
    throw new Error(`The client imports ${undeclared.join(', ')}, which package.json doesn't list.`)
}

/** Bundles all types as one file without imports. */
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
  const imports = await write(bundle, 'index.d.ts')
  if (imports.length > 0)
    throw new Error(`The types import ${imports.join(', ')}. Declare the types of everything that index.ts exports.`)
}
