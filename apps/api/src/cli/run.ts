import { BackupRefused, type Database, ensureInstance } from '@roster/db'
import { Refused } from '@roster/domain'
import { openDatabase } from '../database.ts'
import { readEnv } from '../env.ts'
import { createLog } from '../log.ts'
import { OperatorError } from '../operatorError.ts'
import { readSecretKey } from '../secret/secretKey.ts'
import { allowAnyNetwork } from './allowAnyNetwork.ts'
import { backup, restore } from './backup.ts'
import { type Command, HELP, parseCommand, UsageError } from './command.ts'
import { createAdministrator } from './createAdministrator.ts'
import { forgetSecrets } from './forgetSecrets.ts'
import { listAdministrators } from './listAdministrators.ts'
import { resetPassword } from './resetPassword.ts'
import { resetSecondFactor } from './resetSecondFactor.ts'

/** 0: done. 1: refused or failed, nothing changed. 2: not understood. */
export type ExitCode = 0 | 1 | 2

/** Where a command speaks: what it made on the one, what went wrong on the other. */
export interface Voice {
  out: (text: string) => void
  err: (text: string) => void
}

/** Run one command of the operator's, on the database that the settings name. */
export async function runCommand(argv: readonly string[], { out, err }: Voice, source?: NodeJS.ProcessEnv): Promise<ExitCode> {
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
      out(await perform({ db, directUrl, secretKey: () => readSecretKey(env), say: err }, command))
    } finally {
      await close()
    }
    return 0
  } catch (error) {
    if (error instanceof UsageError) {
      err(`${error.message}\n\n${HELP}`)
      return 2
    }
    if (error instanceof OperatorError || error instanceof Refused || error instanceof BackupRefused) err(`${error.message}\n`)
    else err(`This failed, and nothing was changed: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}

/** What a command works with; `say` takes its progress, which is not its result. */
export interface Working {
  db: Database
  directUrl: string
  /** What secrets are sealed with here; null where there is nothing yet. */
  secretKey: () => Promise<Buffer | null>
  say: (text: string) => void
}

async function perform(working: Working, command: Exclude<Command, { kind: 'help' }>): Promise<string> {
  switch (command.kind) {
    case 'create-administrator': {
      const { username, organization, password } = await createAdministrator(working.db, command)
      return `${username} is an administrator now, in the organization “${organization}”.\n${shownOnce(username, password)}`
    }
    case 'reset-password': {
      const { username, password, endedSessions, suspended } = await resetPassword(working.db, command.username)
      const also = suspended ? 'The account is suspended: the password works once somebody reactivates it.\n' : ''
      return `${username} has a new password; ${endedSessions === 1 ? '1 session was' : `${endedSessions} sessions were`} ended.\n${also}${shownOnce(username, password)}`
    }
    case 'reset-second-factor': {
      const { username, had, endedSessions } = await resetSecondFactor(working.db, command.username)
      if (!had) return `${username} has no second factor; nothing was changed.\n`
      return `${username} has no second factor any more; ${endedSessions === 1 ? '1 session was' : `${endedSessions} sessions were`} ended.\n`
    }
    case 'list-administrators':
      return listAdministrators(working.db)
    case 'allow-any-network': {
      const before = await allowAnyNetwork(working.db)
      if (before.length === 0) return 'Administrators may come from anywhere already; nothing was changed.\n'
      return `Administrators may come from anywhere now. Before: ${before.join(', ')}\n`
    }
    case 'backup':
      return backup(working, command.file)
    case 'restore':
      return restore(working, command)
    case 'forget-secrets': {
      const { users, without } = await forgetSecrets(working.db, await working.secretKey(), command.meant)
      return `${users === 1 ? '1 person has' : `${users} users have`} no authenticator app any more; ${without} of them no second factor at all. The next start takes a new key.\n`
    }
  }
}

function shownOnce(username: string, password: string): string {
  return `\n  username: ${username}\n  password: ${password}\n\nThe password is shown this once; the first sign-in asks for a new one.\n`
}
