import { parseArgs } from 'node:util'

/** What the operator asked for. */
export type Command =
  | { kind: 'help' }
  | { kind: 'create-administrator'; username: string; organization: string | undefined; displayName: string | undefined }
  | { kind: 'reset-password'; username: string }

export const HELP = `Roster's commands for whoever runs the server. They work on the same settings (DATA_DIR, DATABASE_URL, …),
whether the server is running or not.

  npm run roster -- create-administrator NAME [--organization NAME] [--display-name NAME]
      Make a new administrator and print a generated password, once; the first sign-in asks for a new one.
      The organization may be left out while there is only one; while there is none, it is made.

  npm run roster -- reset-password NAME
      Give somebody a new, generated password and print it, once; the first sign-in asks for a new one.
      All their sessions end, and one-time links made for them stop working.

  npm run roster -- help

Exit codes: 0 done; 1 refused or failed, and nothing changed; 2 the command was not understood.
`

/** The command was not understood; the message says what about it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const OPTIONS = { help: { type: 'boolean', short: 'h' }, organization: { type: 'string' }, 'display-name': { type: 'string' } } as const

/** Understand a command line. @throws {UsageError} */
export function parseCommand(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv)
  const [name, username, ...rest] = positionals
  if (values.help === true || name === undefined || name === 'help') return { kind: 'help' }
  if (name !== 'create-administrator' && name !== 'reset-password') throw new UsageError(`There is no command “${name}”.`)
  if (username === undefined) throw new UsageError(`${name} needs the name of the user.`)
  if (rest.length > 0) throw new UsageError(`${name} takes one name; put names of several words in quotes.`)
  if (name === 'create-administrator') return { kind: name, username, organization: values.organization, displayName: values['display-name'] }
  if (values.organization !== undefined || values['display-name'] !== undefined) throw new UsageError(`${name} takes no options.`)
  return { kind: name, username }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}
