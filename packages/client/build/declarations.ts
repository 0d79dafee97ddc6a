import { resolve } from 'node:path'
import ts from 'typescript'
import { DOMAIN, PACKAGE, SOURCE } from './place.ts'
import { writeProcedures } from './procedures.ts'

/** The declarations (`….d.ts`, by absolute path) of the client and of the domain, with the API's procedures written out. */
export function declarations(): Map<string, string> {
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(`${PACKAGE}/tsconfig.json`, ts.sys.readFile).config, ts.sys, PACKAGE)
  // The domain first, by its own path: found as a package it would count as somebody else's, and not be written.
  const program = ts.createProgram([resolve(DOMAIN, 'index.ts'), resolve(SOURCE, 'index.ts')], {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
  })
  const made = new Map<string, string>()
  for (const file of program.getSourceFiles()) {
    const isOurs = file.fileName.startsWith(SOURCE) || file.fileName.startsWith(DOMAIN)
    if (!isOurs) continue
    const { diagnostics } = program.emit(file, (name, text) => made.set(name, text), undefined, true)
    if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, { ...ts.sys, getCanonicalFileName: (name) => name, getNewLine: () => '\n' }))
  }
  made.set(resolve(SOURCE, 'api.d.ts'), writeProcedures(program))
  return made
}
