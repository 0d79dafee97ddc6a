import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseSecretKey } from './parseSecretKey.ts'
import { seal, sealKeyCheck, unseal } from './seal.ts'
import { readSecretKey, secretKeyFile, serverSecretKey } from './secretKey.ts'

const [key, otherKey] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
const folder = await mkdtemp(join(tmpdir(), 'roster-key-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
let count = 0
const dataDir = (): string => join(folder, String(++count))
const fresh = () => key

test('opens a secret only with its key and owner and unaltered, and seals it differently each time', () => {
  const sealed = seal(key, 'JBSWY3DP', 'totp:ada')
  expect(unseal(key, sealed, 'totp:ada').toString()).toBe('JBSWY3DP')
  expect(sealed.equals(seal(key, 'JBSWY3DP', 'totp:ada'))).toBe(false)
  expect(() => unseal(otherKey, sealed, 'totp:ada')).toThrow()
  expect(() => unseal(key, sealed, 'totp:eve')).toThrow()
  for (let at = 0; at < sealed.length; at++) {
    const altered = Buffer.from(sealed)
    altered[at] = (altered[at] ?? 0) ^ 1
    expect(() => unseal(key, altered, 'totp:ada')).toThrow()
  }
  expect(() => unseal(key, sealed.subarray(0, 20), 'totp:ada')).toThrow()
})

test('accepts only 32 bytes in base64 or hexadecimal as a key', () => {
  for (const text of [key.toString('hex'), key.toString('base64'), key.toString('base64url')])
    expect(parseSecretKey(text)).toEqual(key)
  for (const text of ['', 'short', 'a'.repeat(63), key.toString('base64').slice(4), `${key.toString('base64')}AAAA`])
    expect(parseSecretKey(text)).toBeNull()
})

test('creates a private key file at the first start with the embedded database, and reuses it later', async () => {
  const env = { secretKey: null, databaseUrl: null, dataDir: dataDir() }
  expect(await readSecretKey(env)).toBeNull()
  expect(await serverSecretKey(env, null, fresh)).toEqual(key)
  expect((await stat(secretKeyFile(env.dataDir))).mode & 0o777).toBe(0o600)
  expect(await serverSecretKey(env, sealKeyCheck(key), () => otherKey)).toEqual(key)
  expect(await readFile(secretKeyFile(env.dataDir), 'utf8')).toBe(`${key.toString('base64')}\n`)
})

test('uses only SECRET_KEY with an external database', async () => {
  const env = { secretKey: null, databaseUrl: 'postgresql://x/y', dataDir: dataDir() }
  expect(await serverSecretKey(env, null, fresh)).toBeNull()
  expect(await serverSecretKey({ ...env, secretKey: otherKey }, sealKeyCheck(otherKey), fresh)).toEqual(otherKey)
})

test('refuses to start with a missing, wrong or invalid key, and says why', async () => {
  const server = { secretKey: null, databaseUrl: 'postgresql://x/y', dataDir: dataDir() }
  await expect(serverSecretKey(server, sealKeyCheck(key), fresh)).rejects.toThrow(
    /^This database contains secrets, but their key is missing\. Restore it to SECRET_KEY\.$/u,
  )
  await expect(serverSecretKey({ ...server, secretKey: otherKey }, sealKeyCheck(key), fresh)).rejects.toThrow(
    "does not match this database's secrets",
  )
  const own = { secretKey: null, databaseUrl: null, dataDir: dataDir() }
  await expect(serverSecretKey(own, sealKeyCheck(key), fresh)).rejects.toThrow('their key is missing')
  await expect(stat(secretKeyFile(own.dataDir))).rejects.toThrow('ENOENT')
  await serverSecretKey(own, null, fresh)
  await writeFile(secretKeyFile(own.dataDir), 'nonsense\n')
  await expect(readSecretKey(own)).rejects.toThrow('contains no valid key')
})
