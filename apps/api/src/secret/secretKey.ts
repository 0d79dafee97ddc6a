import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Env } from '../env.ts'
import { OperatorError } from '../operatorError.ts'
import { parseSecretKey } from './parseSecretKey.ts'
import type { SecretKey } from './seal.ts'
import { matchesKeyCheck } from './seal.ts'

type KeyEnv = Pick<Env, 'secretKey' | 'dataDir' | 'databaseUrl'>

/** Where the key lies when the database is our own. */
export function secretKeyFile(dataDir: string): string {
  return join(dataDir, 'secret-key')
}

/**
 * The key that secrets are sealed with: SECRET_KEY, else, beside a database of our own, the file `secret-key` of its folder; null where there is none yet.
 * @throws {OperatorError} when the file holds no key
 */
export async function readSecretKey({ secretKey, dataDir, databaseUrl }: KeyEnv): Promise<SecretKey | null> {
  if (secretKey !== null) return secretKey
  if (databaseUrl !== null) return null
  const file = secretKeyFile(dataDir)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new OperatorError(`${file} can't be read (${error.code ?? 'unknown'}).`, { cause: error })
  })
  if (text === null) return null
  const key = parseSecretKey(text.trim())
  if (key === null) throw new OperatorError(`${file} holds no key: 32 bytes, as base64 or hexadecimal.`)
  return key
}

/** Keep a new key for whoever may read the data folder, and for nobody else. */
async function makeKey(dataDir: string, key: Buffer): Promise<SecretKey> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await writeFile(secretKeyFile(dataDir), `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  return key
}

/**
 * The key a server works with, made where there can be one and was none. A key that doesn't open what is stored stops the start: everything sealed
 * would seem lost, and what is sealed anew would be under another key.
 * @param check the known text of the database; null while nothing was ever sealed
 * @throws {OperatorError} when the key is missing although something was sealed, or is another one
 */
export async function serverSecretKey(env: KeyEnv, check: Buffer | null, fresh: () => Buffer): Promise<SecretKey | null> {
  const key = await readSecretKey(env)
  const where = env.databaseUrl === null ? `the file ${secretKeyFile(env.dataDir)}, or SECRET_KEY` : 'SECRET_KEY'
  if (check !== null && key === null) throw new OperatorError(`This database holds secrets, and their key is missing: put it back into ${where}.`)
  if (check !== null && key !== null && !matchesKeyCheck(key, check))
    throw new OperatorError(`The key in ${where} is not the one that this database's secrets were sealed with. Put the right one back.`)
  return key ?? (env.databaseUrl === null ? makeKey(env.dataDir, fresh()) : null)
}
