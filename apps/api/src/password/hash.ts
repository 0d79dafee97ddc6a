import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { backgroundHashQueue, hashQueue } from './queue.ts'

const derive = promisify(argon2) as (algorithm: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer>

/** OWASP's parameters for Argon2id (Password Storage Cheat Sheet): 19 MiB, 2 passes, 1 lane; 32 bytes out, 16 of salt. */
const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const TAG_BYTES = 32
const SALT_BYTES = 16

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/u, '')
}

/** Hash a password; PHC string. About 50 ms, at most two at once per node; `late`: after everybody else. @throws BUSY when too many wait. */
export async function hashPassword(password: string, { late = false } = {}): Promise<string> {
  const nonce = randomBytes(SALT_BYTES)
  const queue = late ? backgroundHashQueue : hashQueue
  const tag = await queue(() =>
    derive('argon2id', {
      message: Buffer.from(password.normalize('NFC')),
      nonce,
      memory: MEMORY_KIB,
      passes: PASSES,
      parallelism: LANES,
      tagLength: TAG_BYTES,
    }),
  )
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${encode(nonce)}$${encode(tag)}`
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/u

/** Compared against when there is no hash, so that the work is the same for a name that doesn't exist. Nothing hashes to it. */
const DUMMY = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${encode(Buffer.alloc(SALT_BYTES, 7))}$${encode(Buffer.alloc(TAG_BYTES, 7))}`

/** Whether a password is the one of a PHC string; null stands for "no such user" and costs as much. @throws BUSY when too many wait. */
export async function verifyPassword(password: string, phc: string | null): Promise<boolean> {
  const [, m, t, p, salt, tag] = PHC.exec(phc ?? DUMMY) ?? []
  if (!m || !t || !p || !salt || !tag) throw new Error('a stored password hash is not in PHC form')
  const expected = Buffer.from(tag, 'base64')
  const parameters = {
    message: Buffer.from(password.normalize('NFC')),
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(m),
    passes: Number(t),
    parallelism: Number(p),
    tagLength: expected.length,
  }
  const actual = await hashQueue(() => derive('argon2id', parameters))
  return timingSafeEqual(actual, expected) && phc !== null
}
