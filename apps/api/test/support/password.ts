import { createHook } from 'node:async_hooks'
import { argon2Sync, randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'

const encode = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/u, '')

/**
 * A password's hash as it is stored, but one that is verified in no time: for tests that aren't about what hashing
 * costs.
 */
export function fastHash(password: string): string {
  const nonce = randomBytes(16)
  const tag = argon2Sync('argon2id', {
    message: Buffer.from(password),
    nonce,
    memory: 8,
    passes: 1,
    parallelism: 1,
    tagLength: 32,
  })
  return `$argon2id$v=19$m=8,t=1,p=1$${encode(nonce)}$${encode(tag)}`
}

/** Counts the Argon2 hashes that this process starts until the end of the test. */
export function countHashings(): () => number {
  let count = 0
  const hook = createHook({
    init(_id, type) {
      if (type === 'ARGON2REQUEST') count++
    },
  }).enable()
  onTestFinished(() => void hook.disable())
  return () => count
}
