import { type Action, POLICY, PROCEDURES, ROLES } from '@roster/domain'
import ts from 'typescript'
import { codeOf, type Declarations, reachable, typesOf } from './documentTypes.ts'

const INTRODUCTION = `# API

Every procedure of the API, as [the typed client](../packages/client/README.md) calls it. The
client's types and the policy are its source: \`npm run document -w @roster/client\` writes this file,
and a test compares it. Don't edit it.

“Who” names the roles that have the permission, and the relations to the target for which they have
it; see [the policy](architecture.md#policy). “Refusals” are those of the procedure itself. Every
call can meet these, too: \`NOT_SIGNED_IN\`, \`SESSION_ENDED\`, \`BAD_INPUT\`,
\`PASSWORD_CHANGE_REQUIRED\`, \`SECOND_FACTOR_REQUIRED\`, \`ROLE_LACKS_ACTION\`, \`NOT_FOUND\`,
\`TARGET_NOT_ALLOWED\`, \`BUSY\` and \`DATABASE_UNAVAILABLE\`. The
[catalogue](../packages/domain/src/refusal/refusalCatalogue.ts) has the details and the sentence of
each. \`Refusal\` is their union. \`Action\` names the rows of the policy, and \`AuditAction\` what the
audit log records.`

/** The members that call a procedure, by the interface of src/calls.ts. */
const METHOD: Record<string, string> = { Query: 'query', Mutation: 'mutate', Subscription: 'subscribe' }
const ROLE_NAMES = { administrator: 'administrators', manager: 'managers', default: 'default users' }
const WIDTH = 100

/**
 * Writes the document of the API from the text of the built `index.d.ts`: a section for each capability, and the types
 * that answers use.
 */
export function apiDocument(declarations: string): string {
  const types = typesOf(declarations)
  const api = types.get('RosterApi')
  if (!api || !ts.isInterfaceDeclaration(api)) throw new Error('The declarations have no interface RosterApi.')
  const shown = new Set<string>()
  const sections = api.members.flatMap((member) => {
    const [capability, call] = property(member)
    if (!ts.isTypeLiteralNode(call)) throw new Error(`${capability} has no procedures.`)
    return [`## ${capability}`, ...call.members.flatMap((procedure) => describe(capability, procedure, types, shown))]
  })
  const answers = [...reachable(sections.filter(isCode), types)].filter((name) => !shown.has(name)).sort()
  const definitions = answers.map((name) => codeOf(types.get(name)))
  return `${[INTRODUCTION, ...sections, '## Types', fenced(definitions.join('\n\n'))].join('\n\n')}\n`
}

function describe(capability: string, member: ts.TypeElement, types: Declarations, shown: Set<string>): string[] {
  const [name, call] = property(member)
  const method = ts.isTypeReferenceNode(call) && METHOD[call.typeName.getText()]
  if (!ts.isTypeReferenceNode(call) || !method) throw new Error(`${capability}.${name} is not a procedure.`)
  const [first, second] = (call.typeArguments ?? []).map((node) => node.getText())
  const [input, output] = second === undefined ? ['undefined', first] : [first ?? '', second]
  const answer = method === 'subscribe' ? `AsyncIterable<{ id: string; data: ${output} }>` : `Promise<${output}>`
  const signature = `${capability}.${name}.${method}(${input === 'undefined' ? '' : `input: ${input}`}): ${answer}`
  shown.add(input)
  const declaration = types.get(input)
  const [text = '', refusals] = documentation(member).split(/ ?@throws /u)
  return [
    `### ${capability}.${name}`,
    wrapped(text),
    [
      wrapped(`- Who: ${callers(`${capability}.${name}`)}`, '  '),
      ...(refusals
        ? [wrapped(`- Refusals: ${refusals.replaceAll(/\b(?:[A-Z]+_[A-Z_]+|BUSY|CONFLICT)\b/gu, '`$&`')}`, '  ')]
        : []),
    ].join('\n'),
    fenced([signature, ...(declaration ? [codeOf(declaration)] : [])].join('\n\n')),
  ]
}

/** Who may call a procedure, by the policy. */
function callers(procedure: string): string {
  const rows: Record<string, { action: Action | null }> = PROCEDURES
  const row = rows[procedure]
  if (row === undefined) throw new Error(`${procedure} has no row in the registry.`)
  const { action } = row
  if (action === null) return 'anyone, without a session'
  const roles = ROLES.flatMap((role) => {
    const relations: readonly string[] = POLICY[action][role]
    if (relations.length === 0) return []
    return relations.includes('any') ? [ROLE_NAMES[role]] : [`${ROLE_NAMES[role]} (${relations.join(', ')})`]
  })
  return `${roles.join(', ')}; action \`${action}\``
}

function property(member: ts.TypeElement): [name: string, type: ts.TypeNode] {
  if (!ts.isPropertySignature(member) || !member.type) throw new Error(`${member.getText()} is not a property.`)
  return [member.name.getText(), member.type]
}

function documentation(member: ts.Node): string {
  const [comment = ''] = member.getFullText().match(/\/\*\*.*?\*\//su) ?? []
  return comment.replaceAll(/^\/\*\*\s*|\s*\*\/$/gu, '')
}

function isCode(block: string): boolean {
  return block.startsWith('```')
}

function fenced(code: string): string {
  return `\`\`\`ts\n${code}\n\`\`\``
}

/** Breaks prose into lines. */
function wrapped(text: string, indent = ''): string {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line !== '' && line.length + 1 + word.length > WIDTH) lines.push(indent + word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.join('\n')
}
