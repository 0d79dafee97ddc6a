import { resolve } from 'node:path'
import ts from 'typescript'
import { DOMAIN, SOURCE } from './paths.ts'

const FORMAT =
  ts.NodeBuilderFlags.NoTruncation |
  ts.NodeBuilderFlags.MultilineObjectLiterals |
  ts.NodeBuilderFlags.UseAliasDefinedOutsideCurrentScope |
  ts.NodeBuilderFlags.UseSingleQuotesForStringLiteralType
/** The interfaces of src/calls.ts, one of which each procedure has. */
const CALLS = ['Query', 'Mutation', 'Subscription']

/**
 * Writes out the type `RosterApi` as a declaration file, with one line for each procedure. Inputs get a type of their
 * own. Answers use the domain's types, which the file exports too.
 * @throws when an answer needs a type that the domain doesn't export
 */
export function writeProcedures(program: ts.Program): string {
  const checker = program.getTypeChecker()
  const inputs: string[] = []
  const capabilities = membersOf(checker, apiOf(program, checker)).map(({ name: capability, type }) => {
    const procedures = membersOf(checker, type).map(({ name, type: call, documentation }) => {
      const [input, output] = checker.getTypeArguments(call as ts.TypeReference)
      if (!input || !CALLS.includes(call.symbol.name))
        throw new Error(`${capability}.${name} is not a query, mutation or subscription.`)
      const types = output
        ? `${inputOf(checker, `${capitalized(capability)}${capitalized(name)}Input`, input, inputs)}, ${written(checker, output)}`
        : written(checker, input)
      return `${documentation}${name}: ${call.symbol.name}<${types}>;`
    })
    return `${capability}: {\n${indented(procedures)}\n};`
  })
  const text = `${inputs.join('\n')}\n/** Every procedure of the API, by capability. */\nexport interface RosterApi {\n${indented(capabilities)}\n}\n`
  const domain = domainNames(program, checker, text).join(', ')
  return `import type { ${CALLS.join(', ')} } from './calls.ts'\nimport type { ${domain} } from '@roster/domain'\nexport type { ${domain} } from '@roster/domain'\n${text}`
}

function apiOf(program: ts.Program, checker: ts.TypeChecker): ts.Type {
  const alias = program.getSourceFile(resolve(SOURCE, 'api.ts'))?.statements.find(ts.isTypeAliasDeclaration)
  if (!alias) throw new Error('src/api.ts declares no type.')
  return checker.getTypeAtLocation(alias.name)
}

function membersOf(checker: ts.TypeChecker, type: ts.Type) {
  return type.getProperties().map((symbol) => ({
    name: symbol.name,
    type: checker.getTypeOfSymbol(symbol),
    documentation: documentationOf(checker, symbol),
  }))
}

function documentationOf(checker: ts.TypeChecker, symbol: ts.Symbol): string {
  const tags = symbol.getJsDocTags(checker).map((tag) => `@${tag.name} ${ts.displayPartsToString(tag.text)}`)
  const text = [ts.displayPartsToString(symbol.getDocumentationComment(checker)), ...tags]
    .filter(Boolean)
    .join(' ')
    .replaceAll('\n', ' ')
  return text ? `/** ${text} */\n` : ''
}

/** The name of an input's type, which is added to `inputs`. An input without properties needs none. */
function inputOf(checker: ts.TypeChecker, name: string, type: ts.Type, inputs: string[]): string {
  if (checker.getNonNullableType(type).getProperties().length === 0) return 'undefined'
  inputs.push(`export ${type.isUnion() ? `type ${name} =` : `interface ${name}`} ${written(checker, type)}\n`)
  return name
}

function written(checker: ts.TypeChecker, type: ts.Type): string {
  const node = checker.typeToTypeNode(type, undefined, FORMAT)
  if (!node) throw new Error('A type can’t be written.')
  const text = ts
    .createPrinter()
    .printNode(ts.EmitHint.Unspecified, node, ts.createSourceFile('type.ts', '', ts.ScriptTarget.Latest))
  const line = text.replaceAll(/\s+/gu, ' ')
  return line.length > 60 ? text : line
}

/** The domain's types that `text` uses. */
function domainNames(program: ts.Program, checker: ts.TypeChecker, text: string): string[] {
  const index = program.getSourceFile(resolve(DOMAIN, 'index.ts'))
  const exports = index && checker.getSymbolAtLocation(index)
  const known = new Set(exports ? checker.getExportsOfModule(exports).map((symbol) => symbol.name) : [])
  const own = new Set([
    ...CALLS,
    ...Array.from(text.matchAll(/^export (?:interface|type) (\w+)/gmu), ([, name]) => name),
  ])
  const code = text.replaceAll(/\/\*\*.*\*\/|'[^']*'/gu, '')
  const names = [...new Set(code.match(/\b[A-Z]\w*\b/gu))].filter((name) => !own.has(name))
  const unknown = names.filter((name) => !known.has(name))
  if (unknown.length > 0)
    throw new Error(
      `A procedure answers ${unknown.join(', ')}, which the domain doesn’t export. Use a type of the domain.`,
    )
  return names
}

function indented(blocks: readonly string[]): string {
  return blocks.join('\n').replaceAll(/^/gmu, '    ')
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
