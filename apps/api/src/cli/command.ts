import { parseArgs } from 'node:util'

/** A parsed command line. */
export type Command =
  | { kind: 'help' }
  | {
      kind: 'create-administrator'
      username: string
      organization: string | undefined
      displayName: string | undefined
    }
  | { kind: 'reset-password'; username: string }
  | { kind: 'reset-second-factor'; username: string }
  | { kind: 'list-administrators' }
  | { kind: 'allow-any-network' }
  | { kind: 'backup'; file: string }
  | { kind: 'restore'; file: string; forgetSecrets: boolean }
  | { kind: 'forget-secrets'; confirmed: boolean }

export const HELP = `Usage: npm run roster -- COMMAND [OPTIONS]

Commands for the operator of the server. They read the same settings as the server (DATA_DIR, DATABASE_URL, …)
and work whether the server is running or not.

  create-administrator USERNAME [--organization NAME] [--display-name NAME]
      Create an administrator and print a generated password, once. The first sign-in asks for a new one.
      --organization is needed only when there are several. If there is none yet, it is created.

  reset-password USERNAME
      Set a new generated password and print it, once. The first sign-in asks for a new one.
      Ends the user's sessions and revokes their one-time links.

  reset-second-factor USERNAME
      Remove the user's authenticator app, passkeys and recovery codes, and end their sessions. They sign in with
      their password and set up a new second factor where the security policies require one.

  list-administrators
      List the administrators of the instance and whether each can sign in.

  allow-any-network
      Allow administrators to sign in from any network again, after the security policies locked them out.
      Prints the networks that were allowed. The networks of other roles stay as they are.

  backup FILE
      Write a consistent backup of everything into a new file. Users can go on working. The file holds password
      hashes and no keys: store it where no one else can read it. It leaves out sessions and one-time links.

  restore FILE [--forget-secrets]
      Restore a backup into an instance without users: a new DATA_DIR, or an empty DATABASE_URL. The file is checked
      first and restored completely or not at all. All users have to sign in again. Encrypted secrets (authenticator
      apps) need the key they were encrypted with, in SECRET_KEY or in DATA_DIR/secret-key. If that key is lost,
      use --forget-secrets.

  forget-secrets --yes
      Delete everything encrypted with a lost key: the authenticator apps of all users. Passkeys stay. Users without
      another second factor sign in with their password and set up a new one where the security policies require it.

  help
      Show this help.

Exit codes: 0 success; 1 refused or failed, nothing changed; 2 invalid command line.
`

/** An invalid command line; the message says what is wrong with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  organization: { type: 'string' },
  'display-name': { type: 'string' },
  'forget-secrets': { type: 'boolean' },
  yes: { type: 'boolean' },
} as const

/** The argument of each command. */
const ARGUMENT = {
  'create-administrator': 'username',
  'reset-password': 'username',
  'reset-second-factor': 'username',
  'list-administrators': null,
  'allow-any-network': null,
  backup: 'file',
  restore: 'file',
  'forget-secrets': null,
} as const satisfies Record<Exclude<Command['kind'], 'help'>, 'username' | 'file' | null>

/** The options of each command. */
const OPTIONS_OF: Readonly<Record<keyof typeof ARGUMENT, readonly string[]>> = {
  'create-administrator': ['organization', 'display-name'],
  'reset-password': [],
  'reset-second-factor': [],
  'list-administrators': [],
  'allow-any-network': [],
  backup: [],
  restore: ['forget-secrets'],
  'forget-secrets': ['yes'],
}

function isCommand(name: string): name is keyof typeof ARGUMENT {
  return Object.hasOwn(ARGUMENT, name)
}

/** @throws {UsageError} */
export function parseCommand(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv)
  const [name, argument, ...rest] = positionals
  if (values.help === true || name === undefined || name === 'help') return { kind: 'help' }
  if (!isCommand(name)) throw new UsageError(`Unknown command “${name}”.`)
  const required = ARGUMENT[name]
  if (required === null && argument !== undefined) throw new UsageError(`${name} takes no argument.`)
  if (required === 'username' && argument === undefined) throw new UsageError(`${name} needs a username.`)
  if (required === 'file' && argument === undefined) throw new UsageError(`${name} needs the path of a file.`)
  if (rest.length > 0) throw new UsageError(`${name} takes one ${required}. Put an argument with spaces in quotes.`)
  const { organization, 'display-name': displayName, 'forget-secrets': forgetSecrets, yes } = values
  const other = Object.keys(values).find((option) => !OPTIONS_OF[name].includes(option))
  if (other !== undefined)
    throw new UsageError(
      OPTIONS_OF[name].length === 0 ? `${name} takes no options.` : `${name} has no option --${other}.`,
    )
  switch (name) {
    case 'create-administrator':
      return { kind: name, username: argument ?? '', organization, displayName }
    case 'reset-password':
    case 'reset-second-factor':
      return { kind: name, username: argument ?? '' }
    case 'list-administrators':
    case 'allow-any-network':
      return { kind: name }
    case 'backup':
      return { kind: name, file: argument ?? '' }
    case 'restore':
      return { kind: name, file: argument ?? '', forgetSecrets: forgetSecrets === true }
    case 'forget-secrets':
      return { kind: name, confirmed: yes === true }
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}
