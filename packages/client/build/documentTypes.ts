import ts from 'typescript'

/** Names that are not followed: lists that are better read in their files. */
const OPAQUE = new Set(['Refusal', 'RefusalCode', 'Action', 'AuditAction'])

/** The types of a declaration file by name, and the constants that types derive from. */
export type Declarations = ReadonlyMap<string, ts.Statement>

/** Parses a declaration file. */
export function typesOf(text: string): Declarations {
  const source = ts.createSourceFile('index.d.ts', text, ts.ScriptTarget.Latest, true)
  return new Map(source.statements.flatMap((statement) => namesOf(statement).map((name) => [name, statement])))
}

/** Returns the names of the declared types that some code uses, and of those that these use. */
export function reachable(code: readonly string[], types: Declarations): Set<string> {
  const found = new Set<string>()
  const queue = code.map((text) => ({ text, parameters: [] as string[] }))
  for (const { text, parameters } of queue)
    for (const [name] of text.replaceAll(/\/\*\*.*?\*\/|'[^']*'/gsu, '').matchAll(/\b[A-Z]\w*\b/gu)) {
      const declaration = types.get(name)
      if (!declaration || found.has(name) || OPAQUE.has(name) || parameters.includes(name)) continue
      found.add(name)
      queue.push({ text: codeOf(declaration), parameters: parametersOf(declaration) })
    }
  return found
}

function parametersOf(statement: ts.Statement): string[] {
  if (!ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement)) return []
  return (statement.typeParameters ?? []).map(({ name }) => name.text)
}

/** The names that a statement declares: of a type, or of a constant that types derive from. */
function namesOf(statement: ts.Statement): string[] {
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return [statement.name.text]
  if (!ts.isVariableStatement(statement)) return []
  return statement.declarationList.declarations.map(({ name }) => name.getText())
}

/** The code of a declaration with its comment. */
export function codeOf(node: ts.Node | undefined): string {
  return node?.getFullText().trim() ?? ''
}
