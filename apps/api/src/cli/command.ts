import { parseArgs } from 'node:util'

/** What the operator asked for. */
export type Command =
  | { kind: 'help' }
  | { kind: 'create-administrator'; username: string; organization: string | undefined; displayName: string | undefined }
  | { kind: 'reset-password'; username: string }
  | { kind: 'reset-second-factor'; username: string }
  | { kind: 'list-administrators' }
  | { kind: 'allow-any-network' }
  | { kind: 'backup'; file: string }
  | { kind: 'restore'; file: string; forgetSecrets: boolean }
  | { kind: 'forget-secrets'; meant: boolean }

export const HELP = `Roster's commands for whoever runs the server. They work on the same settings (DATA_DIR, DATABASE_URL, …),
whether the server is running or not.

  npm run roster -- create-administrator NAME [--organization NAME] [--display-name NAME]
      Make a new administrator and print a generated password, once; the first sign-in asks for a new one.
      The organization may be left out while there is only one; while there is none, it is made.

  npm run roster -- reset-password NAME
      Give somebody a new, generated password and print it, once; the first sign-in asks for a new one.
      All their sessions end, and one-time links made for them stop working.

  npm run roster -- reset-second-factor NAME
      Take somebody's second factor away, for whoever lost theirs: authenticator, passkeys and recovery codes. All their sessions end;
      they sign in with their password, and set up a new one where the security policies want that.

  npm run roster -- list-administrators
      Everybody who administers the instance, and whether they could sign in now.

  npm run roster -- allow-any-network
      Let administrators come from anywhere again, for whoever is shut out by the networks of the security policies; prints those that were
      allowed. Networks of other roles stay.

  npm run roster -- backup FILE
      Write everything into one new file, as it is at this moment, while users go on working. The file holds password hashes and no keys:
      keep it where nobody else reads it. Sessions and one-time links are left out.

  npm run roster -- restore FILE
      Put a backup into an instance that has nobody yet: a new DATA_DIR, or an empty DATABASE_URL. The file is checked to its end first;
      it is restored whole or not at all. Everybody signs in anew. The secrets in it (of authenticator apps) stay sealed: the key they were
      sealed with has to be there, as SECRET_KEY or as the file secret-key in DATA_DIR. If it is lost: restore FILE --forget-secrets

  npm run roster -- forget-secrets --yes
      For whoever lost that key for good: take away what is sealed with it, everybody's authenticator app. Passkeys stay. Whoever has no second
      factor left signs in with their password, and sets up a new one where the security policies want that.

  npm run roster -- help

Exit codes: 0 done; 1 refused or failed, and nothing changed; 2 the command was not understood.
`

/** The command was not understood; the message says what about it. */
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

/** What each command takes besides its name. */
const TAKES = {
  'create-administrator': 'name',
  'reset-password': 'name',
  'reset-second-factor': 'name',
  'list-administrators': 'nothing',
  'allow-any-network': 'nothing',
  backup: 'file',
  restore: 'file',
  'forget-secrets': 'nothing',
} as const satisfies Record<Exclude<Command['kind'], 'help'>, 'name' | 'file' | 'nothing'>

/** The options of each command. */
const OPTIONS_OF: Readonly<Record<keyof typeof TAKES, readonly string[]>> = {
  'create-administrator': ['organization', 'display-name'],
  'reset-password': [],
  'reset-second-factor': [],
  'list-administrators': [],
  'allow-any-network': [],
  backup: [],
  restore: ['forget-secrets'],
  'forget-secrets': ['yes'],
}

function isCommand(name: string): name is keyof typeof TAKES {
  return Object.hasOwn(TAKES, name)
}

/** Understand a command line. @throws {UsageError} */
export function parseCommand(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv)
  const [name, argument, ...rest] = positionals
  if (values.help === true || name === undefined || name === 'help') return { kind: 'help' }
  if (!isCommand(name)) throw new UsageError(`There is no command “${name}”.`)
  const takes = TAKES[name]
  if (takes === 'nothing' && argument !== undefined) throw new UsageError(`${name} takes nothing.`)
  if (takes === 'name' && argument === undefined) throw new UsageError(`${name} needs the name of the user.`)
  if (takes === 'file' && argument === undefined) throw new UsageError(`${name} needs the path of a file.`)
  if (rest.length > 0) throw new UsageError(`${name} takes one ${takes}; put ${takes}s of several words in quotes.`)
  const { organization, 'display-name': displayName, 'forget-secrets': forgetSecrets, yes } = values
  const other = Object.keys(values).find((option) => !OPTIONS_OF[name].includes(option))
  if (other !== undefined) throw new UsageError(OPTIONS_OF[name].length === 0 ? `${name} takes no options.` : `${name} takes no option --${other}.`)
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
      return { kind: name, meant: yes === true }
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}
