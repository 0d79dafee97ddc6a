import { resolve } from 'node:path'
import { restoreBackup, writeBackup } from '@roster/db'
import { OperatorError } from '../operatorError.ts'
import { matchesKeyCheck } from '../secret/seal.ts'
import type { Command } from './command.ts'
import { forgetSecrets } from './forgetSecrets.ts'
import type { CommandContext } from './run.ts'

type RestoreCommand = Extract<Command, { kind: 'restore' }>

/** A backup into a new file. @throws {OperatorError} when the file can't be written */
export async function backup({ directUrl, say }: Working, file: string): Promise<string> {
  const path = resolve(file)
  try {
    const { rows } = await writeBackup(directUrl, path, told(say))
    return `Everything is in ${path} now: ${rows} rows. It holds password hashes and no keys; keep it where nobody else reads it.\n`
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'EEXIST') throw new OperatorError(`${path} is there already. A backup never writes over a file.`)
    if (['ENOENT', 'EACCES', 'ENOTDIR', 'ENOSPC', 'EROFS'].includes(code)) throw new OperatorError(`${path} can't be written (${code}).`, { cause: error })
    throw error
  }
}

/** A backup back into an instance without people; without its secrets where their key is lost. */
export async function restore({ db, directUrl, secretKey, say }: Working, { file, forgetSecrets: without }: RestoreCommand): Promise<string> {
  const key = await secretKey()
  let lost = false
  const opens = (check: Buffer): boolean => {
    lost = key === null || !matchesKeyCheck(key, check)
    return without || !lost
  }
  const { header, rows } = await restoreBackup(directUrl, resolve(file), { progress: told(say), opens })
  const users = lost ? (await forgetSecrets(db, key, true)).users : 0
  const forgotten = users === 0 ? '' : `The authenticator app of ${users === 1 ? '1 person' : `${users} people`} was left out, since its key is not here.\n`
  return `“${header.instanceName}” is as it was at ${header.madeAt}: ${rows} rows. Everybody signs in anew; one-time links have to be made again.\n${forgotten}`
}

function told(say: Working['say']): (table: string, rows: number) => void {
  return (table, rows) => say(`${table}: ${rows}\n`)
}
