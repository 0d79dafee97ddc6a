import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Env } from '../env.ts'
import { OperatorError } from '../server/operatorError.ts'
import { parseSecretKey } from './parseSecretKey.ts'
import type { SecretKey } from './seal.ts'
import { matchesKeyCheck } from './seal.ts'

type KeyEnv = Pick<Env, 'secretKey' | 'dataDir' | 'databaseUrl'>

/** The path of the key file for the embedded database. */
export function secretKeyFile(dataDir: string): string {
  return join(dataDir, 'secret-key')
}

/**
 * Reads the secret key: SECRET_KEY, else the file `secret-key` of the data folder when the database is embedded. Null
 * when there is none yet.
 * @throws {OperatorError} when the file contains no key
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
  if (key === null) throw new OperatorError(`${file} contains no valid key: 32 bytes, as base64 or hexadecimal.`)
  return key
}

/** Writes a new key to the data folder, readable only by the operating system user of the server. */
async function createKeyFile(dataDir: string, key: Buffer): Promise<SecretKey> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await writeFile(secretKeyFile(dataDir), `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  return key
}

/**
 * The server's secret key, created when the database is embedded and has none. A wrong key stops the start, because
 * stored secrets would be lost and new ones would use another key.
 * @param check the database's key check; null while it contains no secret
 * @throws {OperatorError} when the database contains secrets and the key is missing or wrong
 */
export async function serverSecretKey(
  env: KeyEnv,
  check: Buffer | null,
  fresh: () => Buffer,
): Promise<SecretKey | null> {
  const key = await readSecretKey(env)
  const where = env.databaseUrl === null ? `the file ${secretKeyFile(env.dataDir)}, or SECRET_KEY` : 'SECRET_KEY'
  if (check !== null && key === null)
    throw new OperatorError(`This database contains secrets, but their key is missing. Restore it to ${where}.`)
  if (check !== null && key !== null && !matchesKeyCheck(key, check))
    throw new OperatorError(`The key in ${where} does not match this database's secrets. Restore the right key.`)
  return key ?? (env.databaseUrl === null ? createKeyFile(env.dataDir, fresh()) : null)
}
