import { BackupRefused, type Database, ensureInstance } from '@roster/db'
import { Refused } from '@roster/domain'
import { readEnv } from '../env.ts'
import { readSecretKey } from '../secret/secretKey.ts'
import { openDatabase } from '../server/database.ts'
import { createLog } from '../server/log.ts'
import { OperatorError } from '../server/operatorError.ts'
import { allowAnyNetwork } from './allowAnyNetwork.ts'
import { backup, restore } from './backup.ts'
import { type Command, HELP, parseCommand, UsageError } from './command.ts'
import { createAdministrator } from './createAdministrator.ts'
import { forgetSecrets } from './forgetSecrets.ts'
import { listAdministrators } from './listAdministrators.ts'
import { resetPassword } from './resetPassword.ts'
import { resetSecondFactor } from './resetSecondFactor.ts'

/** 0: success. 1: refused or failed, nothing changed. 2: invalid command line. */
export type ExitCode = 0 | 1 | 2

export interface Output {
  /** Takes the result. */
  out: (text: string) => void
  /** Takes errors and progress. */
  err: (text: string) => void
}

/** Runs one operator command on the database of the settings; `source` replaces the process's environment. */
export async function runCommand(
  argv: readonly string[],
  { out, err }: Output,
  source?: NodeJS.ProcessEnv,
): Promise<ExitCode> {
  try {
    const command = parseCommand(argv)
    if (command.kind === 'help') {
      out(HELP)
      return 0
    }
    const env = readEnv(source)
    const { db, directUrl, close } = await openDatabase(env, createLog('error'), { join: true })
    try {
      await ensureInstance(db.prisma)
      out(await execute({ db, directUrl, secretKey: () => readSecretKey(env), progress: err }, command))
    } finally {
      await close()
    }
    return 0
  } catch (error) {
    if (error instanceof UsageError) {
      err(`${error.message}\n\n${HELP}`)
      return 2
    }
    if (error instanceof OperatorError || error instanceof Refused || error instanceof BackupRefused)
      err(`${error.message}\n`)
    else err(`The command failed and changed nothing: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}

export interface CommandContext {
  db: Database
  directUrl: string
  /** Null while no key exists. */
  secretKey: () => Promise<Buffer | null>
  progress: (text: string) => void
}

async function execute(context: CommandContext, command: Exclude<Command, { kind: 'help' }>): Promise<string> {
  switch (command.kind) {
    case 'create-administrator': {
      const { username, organization, password } = await createAdministrator(context.db, command)
      return `Administrator ${username} created in the organization “${organization}”.\n${credentials(username, password)}`
    }
    case 'reset-password': {
      const { username, password, endedSessions, suspended } = await resetPassword(context.db, command.username)
      const note = suspended ? 'The user is suspended and can sign in only after they are reactivated.\n' : ''
      return `New password set for ${username}. ${sessionsEnded(endedSessions)}\n${note}${credentials(username, password)}`
    }
    case 'reset-second-factor': {
      const { username, hadFactor, endedSessions } = await resetSecondFactor(context.db, command.username)
      if (!hadFactor) return `${username} has no second factor. Nothing changed.\n`
      return `Second factor of ${username} removed. ${sessionsEnded(endedSessions)}\n`
    }
    case 'list-administrators':
      return listAdministrators(context.db)
    case 'allow-any-network': {
      const before = await allowAnyNetwork(context.db)
      if (before.length === 0) return 'Administrators can already sign in from any network. Nothing changed.\n'
      return `Administrators can now sign in from any network. Allowed before: ${before.join(', ')}\n`
    }
    case 'backup':
      return backup(context, command.file)
    case 'restore':
      return restore(context, command)
    case 'forget-secrets': {
      const { users, withoutFactor } = await forgetSecrets(context.db, await context.secretKey(), command.confirmed)
      const apps = users === 1 ? 'app of 1 user' : `apps of ${users} users`
      return `Deleted the authenticator ${apps}; ${withoutFactor} of them ${withoutFactor === 1 ? 'has' : 'have'} no second factor left. The server uses a new key from its next start.\n`
    }
  }
}

function sessionsEnded(count: number): string {
  return count === 1 ? '1 session ended.' : `${count} sessions ended.`
}

function credentials(username: string, password: string): string {
  return `\n  username: ${username}\n  password: ${password}\n\nThis password is shown only once. The first sign-in asks for a new one.\n`
}
