import { resolve } from 'node:path'
import ts from 'typescript'
import { DOMAIN, PACKAGE, SOURCE } from './paths.ts'
import { writeProcedures } from './procedures.ts'

/** The declarations of the client and the domain, by the path of each `.d.ts`. The API's procedures are written out. */
export function declarations(): Map<string, string> {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(`${PACKAGE}/tsconfig.json`, ts.sys.readFile).config,
    ts.sys,
    PACKAGE,
  )
  // The domain comes first, by its path: as a package it would be an external library, which has no output.
  const program = ts.createProgram([resolve(DOMAIN, 'index.ts'), resolve(SOURCE, 'index.ts')], {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
  })
  const written = new Map<string, string>()
  for (const file of program.getSourceFiles()) {
    const isOwn = file.fileName.startsWith(SOURCE) || file.fileName.startsWith(DOMAIN)
    if (!isOwn) continue
    const { diagnostics } = program.emit(file, (name, text) => written.set(name, text), undefined, true)
    if (diagnostics.length > 0)
      throw new Error(
        ts.formatDiagnostics(diagnostics, { ...ts.sys, getCanonicalFileName: (name) => name, getNewLine: () => '\n' }),
      )
  }
  written.set(resolve(SOURCE, 'api.d.ts'), writeProcedures(program))
  return written
}
