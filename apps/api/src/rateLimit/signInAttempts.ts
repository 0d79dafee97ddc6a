import { createHmac } from 'node:crypto'
import { consumeAttempt, inTransaction, type RateLimitRule, readSecurity, refundAttempt, resetAttempts, type Transaction } from '@roster/db'
import { Refused, refuse } from '@roster/domain'
import { networkOf } from '../address.ts'
import type { Services } from '../services.ts'

/** What the security policies allow: failures before waits begin, and of one address within 15 minutes. */
interface Allowed {
  freeAttempts: number
  addressAttempts: number
}
const backoff = ({ freeAttempts }: Allowed): RateLimitRule => ({ kind: 'backoff', free: freeAttempts })
const byWindow = ({ addressAttempts }: Allowed): RateLimitRule => ({ kind: 'window', attempts: addressAttempts, seconds: 900 })
const NAME: RateLimitRule = { kind: 'count', seconds: 3_600 }
const NEW_ADDRESS: RateLimitRule = { kind: 'window', attempts: 3, seconds: 3_600 }
/** From this many failures of one name within the hour, over all addresses, an address that tries it anew gets fewer tries. */
const NAME_UNDER_ATTACK = 20

/** The tries that were taken, in the order they were, and what becomes of each counter if it turns out well. */
export type ConsumedAttempts = readonly { counter: Buffer; well: 'forget' | 'give back' }[]

function key(hmacKey: Buffer, ...parts: string[]): Buffer {
  return createHmac('sha256', hmacKey).update(JSON.stringify(parts)).digest()
}

/** @throws TOO_MANY_ATTEMPTS */
async function take(tx: Transaction, counter: Buffer, rule: RateLimitRule): Promise<number> {
  const result = await consumeAttempt(tx, counter, rule)
  if (!result.taken) throw refuse('TOO_MANY_ATTEMPTS', { retryAt: result.retryAt.toISOString() })
  return result.attempts
}

/**
 * Count a try to sign in before any hashing: by name and address, by address alone, and by name over all addresses; a browser that signed in with
 * that name before counts on its own and by nothing else, so that strangers can't lock its owner out. All or none is counted.
 * @throws TOO_MANY_ATTEMPTS with when to come back
 */
export async function consumeSignInAttempt({ db, hmacKey }: Services, name: string, address: string, deviceCookie: Buffer | null): Promise<ConsumedAttempts> {
  const network = networkOf(address)
  return inTransaction(
    db.prisma,
    async (tx) => {
      const allowed = await readSecurity(tx)
      if (deviceCookie) {
        const own = key(hmacKey, 'browser', deviceCookie.toString('hex'), name)
        await take(tx, own, backoff(allowed))
        return [{ counter: own, well: 'forget' }]
      }
      // Always in this order, also when they are given back, so that two tries never wait for each other.
      const byAddress = key(hmacKey, 'address', network)
      const byName = key(hmacKey, 'name', name)
      const byPair = key(hmacKey, 'pair', name, network)
      const byPairHourly = key(hmacKey, 'pair-hourly', name, network)
      await take(tx, byAddress, byWindow(allowed))
      const failures = await take(tx, byName, NAME)
      await take(tx, byPair, backoff(allowed))
      const taken: ConsumedAttempts = [
        { counter: byAddress, well: 'give back' },
        { counter: byName, well: 'give back' },
        { counter: byPair, well: 'forget' },
      ]
      if (failures <= NAME_UNDER_ATTACK) return taken
      await take(tx, byPairHourly, NEW_ADDRESS)
      return [...taken, { counter: byPairHourly, well: 'forget' }]
    },
    network,
  )
}

/**
 * Count a try at somebody's second factor, which whoever tries it knows the password to: as for a name, apart from it. No name that is typed has
 * capital letters. @throws TOO_MANY_ATTEMPTS
 */
export function consumeFactorAttempt(services: Services, userId: string, address: string, deviceCookie: Buffer | null): Promise<ConsumedAttempts> {
  return consumeSignInAttempt(services, `FACTOR ${userId}`, address, deviceCookie)
}

/** Count a try at a secret that isn't a name's (a setup code, a link, an invitation), by address. @throws TOO_MANY_ATTEMPTS */
export async function consumeSecretAttempt(
  { db, hmacKey }: Services,
  what: 'setup' | 'link' | 'invitation' | 'passkey' | 'passkey-begun',
  address: string,
): Promise<ConsumedAttempts> {
  const network = networkOf(address)
  const counter = key(hmacKey, what, network)
  await inTransaction(db.prisma, async (tx) => take(tx, counter, byWindow(await readSecurity(tx))), network)
  return [{ counter, well: 'give back' }]
}

/** A try at one's own current password, or at a confirmation, counted by person. @throws TOO_MANY_ATTEMPTS */
export async function consumeOwnAttempt({ db, hmacKey }: Services, userId: string): Promise<ConsumedAttempts> {
  const counter = key(hmacKey, 'own', userId)
  await inTransaction(db.prisma, async (tx) => take(tx, counter, backoff(await readSecurity(tx))), userId)
  return [{ counter, well: 'forget' }]
}

/** A try turned out well: it does not count. */
export async function refundAttempts(tx: Transaction, taken: ConsumedAttempts): Promise<void> {
  for (const { counter, well } of taken) await (well === 'forget' ? resetAttempts : refundAttempt)(tx, counter)
}

/**
 * Hash what was tried. Where too many others wait for that, nothing was tried: it is given back, or strangers who keep a node busy would use up what
 * somebody else may try. @throws BUSY
 */
export async function refundIfBusy<T>({ db }: Services, taken: ConsumedAttempts, hashing: () => Promise<T>): Promise<T> {
  try {
    return await hashing()
  } catch (error) {
    if (error instanceof Refused && error.refusal.code === 'BUSY') for (const { counter } of taken) await refundAttempt(db.prisma, counter)
    throw error
  }
}
