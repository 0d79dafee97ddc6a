import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseSecretKey } from './parseSecretKey.ts'
import { seal, sealKeyCheck, unseal } from './seal.ts'
import { readSecretKey, secretKeyFile, serverSecretKey } from './secretKey.ts'

const [ours, theirs] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
const folder = await mkdtemp(join(tmpdir(), 'roster-key-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
let count = 0
const dataDir = (): string => join(folder, String(++count))
const fresh = () => ours

test('a secret opens with its key, for what it was sealed for, unaltered; each sealing differs', () => {
  const sealed = seal(ours, 'JBSWY3DP', 'totp:ada')
  expect(unseal(ours, sealed, 'totp:ada').toString()).toBe('JBSWY3DP')
  expect(sealed.equals(seal(ours, 'JBSWY3DP', 'totp:ada'))).toBe(false)
  expect(() => unseal(theirs, sealed, 'totp:ada')).toThrow()
  expect(() => unseal(ours, sealed, 'totp:eve')).toThrow()
  for (let at = 0; at < sealed.length; at++) {
    const altered = Buffer.from(sealed)
    altered[at] = (altered[at] ?? 0) ^ 1
    expect(() => unseal(ours, altered, 'totp:ada')).toThrow()
  }
  expect(() => unseal(ours, sealed.subarray(0, 20), 'totp:ada')).toThrow()
})

test('a key is 32 bytes, as base64 or hexadecimal, and nothing else', () => {
  for (const text of [ours.toString('hex'), ours.toString('base64'), ours.toString('base64url')]) expect(parseSecretKey(text)).toEqual(ours)
  for (const text of ['', 'short', 'a'.repeat(63), ours.toString('base64').slice(4), `${ours.toString('base64')}AAAA`]) expect(parseSecretKey(text)).toBeNull()
})

test('beside a database of our own the first start makes a key for its owner alone, and every later one takes the same', async () => {
  const env = { secretKey: null, databaseUrl: null, dataDir: dataDir() }
  expect(await readSecretKey(env)).toBeNull()
  expect(await serverSecretKey(env, null, fresh)).toEqual(ours)
  expect((await stat(secretKeyFile(env.dataDir))).mode & 0o777).toBe(0o600)
  expect(await serverSecretKey(env, sealKeyCheck(ours), () => theirs)).toEqual(ours)
  expect(await readFile(secretKeyFile(env.dataDir), 'utf8')).toBe(`${ours.toString('base64')}\n`)
})

test('with a database server there is a key only where SECRET_KEY is set, and it comes before the file', async () => {
  const env = { secretKey: null, databaseUrl: 'postgresql://x/y', dataDir: dataDir() }
  expect(await serverSecretKey(env, null, fresh)).toBeNull()
  expect(await serverSecretKey({ ...env, secretKey: theirs }, sealKeyCheck(theirs), fresh)).toEqual(theirs)
})

test('a missing, a wrong and a broken key stop the start with a sentence', async () => {
  const server = { secretKey: null, databaseUrl: 'postgresql://x/y', dataDir: dataDir() }
  await expect(serverSecretKey(server, sealKeyCheck(ours), fresh)).rejects.toThrow(
    /^This database holds secrets, and their key is missing: put it back into SECRET_KEY\.$/u,
  )
  await expect(serverSecretKey({ ...server, secretKey: theirs }, sealKeyCheck(ours), fresh)).rejects.toThrow(
    'is not the one that this database’s secrets were sealed with'.replace('’', "'"),
  )
  const own = { secretKey: null, databaseUrl: null, dataDir: dataDir() }
  await expect(serverSecretKey(own, sealKeyCheck(ours), fresh)).rejects.toThrow('their key is missing')
  await expect(stat(secretKeyFile(own.dataDir))).rejects.toThrow('ENOENT')
  await serverSecretKey(own, null, fresh)
  await writeFile(secretKeyFile(own.dataDir), 'nonsense\n')
  await expect(readSecretKey(own)).rejects.toThrow('holds no key')
})
