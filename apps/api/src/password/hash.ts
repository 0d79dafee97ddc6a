import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { backgroundHashQueue, hashQueue } from './queue.ts'

const derive = promisify(argon2) as (algorithm: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer>

/**
 * Argon2id parameters of OWASP's Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane; 32 bytes of tag, 16 of salt.
 */
const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const TAG_BYTES = 32
const SALT_BYTES = 16

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/u, '')
}

/**
 * Hashes a password to a PHC string. Takes about 50 ms, two at once per node; `background` hashes yield to all others.
 * @throws BUSY when the queue is full
 */
export async function hashPassword(password: string, { background = false } = {}): Promise<string> {
  const nonce = randomBytes(SALT_BYTES)
  const queue = background ? backgroundHashQueue : hashQueue
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

/** Stands in for a missing hash, so that an unknown username takes the same time. No password matches it. */
const DUMMY_HASH = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${encode(Buffer.alloc(SALT_BYTES, 7))}$${encode(Buffer.alloc(TAG_BYTES, 7))}`

/**
 * Whether a password matches a PHC string. Null (no such user) takes the same time and never matches.
 * @throws BUSY
 * when the queue is full
 */
export async function verifyPassword(password: string, phc: string | null): Promise<boolean> {
  const [, m, t, p, salt, tag] = PHC.exec(phc ?? DUMMY_HASH) ?? []
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
