import { resolve } from 'node:path'
import { restoreBackup, writeBackup } from '@roster/db'
import { matchesKeyCheck } from '../secret/seal.ts'
import { OperatorError } from '../server/operatorError.ts'
import type { Command } from './command.ts'
import { forgetSecrets } from './forgetSecrets.ts'
import type { CommandContext } from './run.ts'

type RestoreCommand = Extract<Command, { kind: 'restore' }>

/** Writes a backup into a new file. @throws {OperatorError} when the file can't be written */
export async function backup({ directUrl, progress }: CommandContext, file: string): Promise<string> {
  const path = resolve(file)
  try {
    const { rows } = await writeBackup(directUrl, path, rowProgress(progress))
    return `Backup written to ${path}: ${rows} rows. It holds password hashes and no keys; store it where no one else can read it.\n`
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'EEXIST')
      throw new OperatorError(`${path} already exists. A backup never overwrites a file: choose another name.`)
    if (['ENOENT', 'EACCES', 'ENOTDIR', 'ENOSPC', 'EROFS'].includes(code))
      throw new OperatorError(`Can't write ${path} (${code}). Check the folder, its permissions and the free space.`, {
        cause: error,
      })
    throw error
  }
}

/** Restores a backup into an instance without users; with `forgetSecrets`, without the secrets of a lost key. */
export async function restore(
  { db, directUrl, secretKey, progress }: CommandContext,
  { file, forgetSecrets: allowLostKey }: RestoreCommand,
): Promise<string> {
  const key = await secretKey()
  let keyLost = false
  const acceptKey = (check: Buffer): boolean => {
    keyLost = key === null || !matchesKeyCheck(key, check)
    return allowLostKey || !keyLost
  }
  const { header, rows } = await restoreBackup(directUrl, resolve(file), { progress: rowProgress(progress), acceptKey })
  const users = keyLost ? (await forgetSecrets(db, key, true)).users : 0
  const forgotten =
    users === 0
      ? ''
      : `Deleted the authenticator ${users === 1 ? 'app of 1 user' : `apps of ${users} users`}: their encryption key is lost.\n`
  return `Restored “${header.instanceName}” as of ${header.madeAt}: ${rows} rows. All users have to sign in again. Create one-time links again where they are needed.\n${forgotten}`
}

function rowProgress(progress: CommandContext['progress']): (table: string, rows: number) => void {
  return (table, rows) => progress(`${table}: ${rows}\n`)
}
