import { createHmac } from 'node:crypto'
import {
  consumeAttempt,
  type RateLimitRule,
  readSecurity,
  refundAttempt,
  resetAttempts,
  system,
  type Transaction,
} from '@roster/db'
import { Refused, refuse } from '@roster/domain'
import { networkOf } from '../security/network.ts'
import type { Services } from '../server/services.ts'

/** Limits from the security policies: free failures before backoff, and failures of one address within 15 minutes. */
interface Limits {
  freeAttempts: number
  addressAttempts: number
}
const backoff = ({ freeAttempts }: Limits): RateLimitRule => ({ kind: 'backoff', free: freeAttempts })
const byWindow = ({ addressAttempts }: Limits): RateLimitRule => ({
  kind: 'window',
  attempts: addressAttempts,
  seconds: 900,
})
const NAME: RateLimitRule = { kind: 'count', seconds: 3_600 }
const NEW_ADDRESS: RateLimitRule = { kind: 'window', attempts: 3, seconds: 3_600 }
/** From this many failures of one name within an hour, over all addresses, each new address gets fewer attempts. */
const NAME_UNDER_ATTACK = 20

/** The consumed attempts in lock order, and what a success does with each counter. */
export type ConsumedAttempts = readonly { counter: Buffer; onSuccess: 'reset' | 'refund' }[]

function key(hmacKey: Buffer, ...parts: string[]): Buffer {
  return createHmac('sha256', hmacKey).update(JSON.stringify(parts)).digest()
}

/** @throws TOO_MANY_ATTEMPTS */
async function consume(tx: Transaction, counter: Buffer, rule: RateLimitRule): Promise<number> {
  const result = await consumeAttempt(tx, counter, rule)
  if (!result.allowed) throw refuse('TOO_MANY_ATTEMPTS', { retryAt: result.retryAt.toISOString() })
  return result.attempts
}

/**
 * Consumes a sign-in attempt before any hashing: by name and address, by address, and by name over all addresses. A
 * browser with a device cookie has its own budget instead, so that an attacker can't lock the user out. Consumes all or
 * none. @throws TOO_MANY_ATTEMPTS with the time to retry
 */
export async function consumeSignInAttempt(
  { db, hmacKey }: Services,
  name: string,
  address: string,
  deviceCookie: Buffer | null,
): Promise<ConsumedAttempts> {
  const network = networkOf(address)
  return system(
    db,
    async (tx) => {
      const limits = await readSecurity(tx)
      if (deviceCookie) {
        const own = key(hmacKey, 'browser', deviceCookie.toString('hex'), name)
        await consume(tx, own, backoff(limits))
        return [{ counter: own, onSuccess: 'reset' }]
      }
      // Counters are always locked in this order, also for a refund, so that concurrent attempts can't deadlock.
      const byAddress = key(hmacKey, 'address', network)
      const byName = key(hmacKey, 'name', name)
      const byPair = key(hmacKey, 'pair', name, network)
      const byPairHourly = key(hmacKey, 'pair-hourly', name, network)
      await consume(tx, byAddress, byWindow(limits))
      const failures = await consume(tx, byName, NAME)
      await consume(tx, byPair, backoff(limits))
      const consumed: ConsumedAttempts = [
        { counter: byAddress, onSuccess: 'refund' },
        { counter: byName, onSuccess: 'refund' },
        { counter: byPair, onSuccess: 'reset' },
      ]
      if (failures <= NAME_UNDER_ATTACK) return consumed
      await consume(tx, byPairHourly, NEW_ADDRESS)
      return [...consumed, { counter: byPairHourly, onSuccess: 'reset' }]
    },
    network,
  )
}

/**
 * Consumes an attempt at a user's second factor, with the limits of a name but its own counters. Usernames have no
 * capital letters, so the key can't collide with one. @throws TOO_MANY_ATTEMPTS
 */
export function consumeFactorAttempt(
  services: Services,
  userId: string,
  address: string,
  deviceCookie: Buffer | null,
): Promise<ConsumedAttempts> {
  return consumeSignInAttempt(services, `FACTOR ${userId}`, address, deviceCookie)
}

/**
 * Consumes an attempt at a secret without a username (setup code, link, invitation, passkey), by address.
 * @throws
 * TOO_MANY_ATTEMPTS
 */
export async function consumeSecretAttempt(
  { db, hmacKey }: Services,
  what: 'setup' | 'link' | 'invitation' | 'passkey' | 'passkey-begun',
  address: string,
): Promise<ConsumedAttempts> {
  const network = networkOf(address)
  const counter = key(hmacKey, what, network)
  await system(db, async (tx) => consume(tx, counter, byWindow(await readSecurity(tx))), network)
  return [{ counter, onSuccess: 'refund' }]
}

/** Consumes an attempt at the user's own current password or reauthentication, by user. @throws TOO_MANY_ATTEMPTS */
export async function consumeOwnAttempt({ db, hmacKey }: Services, userId: string): Promise<ConsumedAttempts> {
  const counter = key(hmacKey, 'own', userId)
  await system(db, async (tx) => consume(tx, counter, backoff(await readSecurity(tx))), userId)
  return [{ counter, onSuccess: 'reset' }]
}

/** Refunds or resets the counters after a success. */
export async function refundAttempts(tx: Transaction, consumed: ConsumedAttempts): Promise<void> {
  for (const { counter, onSuccess } of consumed)
    await (onSuccess === 'reset' ? resetAttempts : refundAttempt)(tx, counter)
}

/**
 * Runs a hash and refunds the attempts when the queue is full. Otherwise an attacker who keeps a node busy would
 * consume another user's attempts.
 * @throws BUSY
 */
export async function refundIfBusy<T>(
  { db }: Services,
  consumed: ConsumedAttempts,
  hash: () => Promise<T>,
): Promise<T> {
  try {
    return await hash()
  } catch (error) {
    if (error instanceof Refused && error.refusal.code === 'BUSY')
      for (const { counter } of consumed) await refundAttempt(db.prisma, counter)
    throw error
  }
}
