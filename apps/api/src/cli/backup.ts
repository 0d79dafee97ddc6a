import { resolve } from 'node:path'
import { restoreBackup, writeBackup } from '@roster/db'
import { OperatorError } from '../operatorError.ts'
import { opensCheck } from '../secret/seal.ts'
import type { Working } from './run.ts'

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

/** A backup back into an instance without people. */
export async function restore({ directUrl, secretKey, say }: Working, file: string): Promise<string> {
  const key = await secretKey()
  const { header, rows } = await restoreBackup(directUrl, resolve(file), { progress: told(say), opens: (check) => key !== null && opensCheck(key, check) })
  return `“${header.instanceName}” is as it was at ${header.madeAt}: ${rows} rows. Everybody signs in anew; one-time links have to be made again.\n`
}

function told(say: Working['say']): (table: string, rows: number) => void {
  return (table, rows) => say(`${table}: ${rows}\n`)
}
