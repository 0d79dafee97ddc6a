import { createHmac } from 'node:crypto'
import { giveBack, inTransaction, type ThrottleRule, type Transaction, takeTry } from '@roster/db'
import { refuse } from '@roster/domain'
import { networkOf } from '../address.ts'
import type { Services } from '../services.ts'

const BACKOFF: ThrottleRule = { kind: 'backoff', free: 5 }
const ADDRESS: ThrottleRule = { kind: 'window', tries: 100, seconds: 900 }
const NAME: ThrottleRule = { kind: 'count', seconds: 3_600 }
const NEW_ADDRESS: ThrottleRule = { kind: 'window', tries: 3, seconds: 3_600 }
/** From this many failures of one name within the hour, over all addresses, an address that tries it anew gets fewer tries. */
const NAME_UNDER_ATTACK = 20

/** The tries that a sign-in took, to be given back if it turns out well. */
export interface TakenTries {
  forget: Buffer[]
  lower: Buffer[]
}

function key(hmacKey: Buffer, ...parts: string[]): Buffer {
  return createHmac('sha256', hmacKey).update(JSON.stringify(parts)).digest()
}

async function take(tx: Transaction, counter: Buffer, rule: ThrottleRule): Promise<number> {
  const result = await takeTry(tx, counter, rule)
  if (!result.taken) throw refuse('TOO_MANY_TRIES', { retryAt: result.retryAt.toISOString() })
  return result.tries
}

/**
 * Count a try to sign in before any hashing: by name and address, by address alone, and by name over all addresses; a browser that signed in with
 * that name before counts on its own and by nothing else, so that strangers can't lock its owner out. All or none is counted.
 * @throws TOO_MANY_TRIES with when to come back
 */
export async function takeSignInTry({ db, hmacKey }: Services, name: string, address: string, knownBrowser: Buffer | null): Promise<TakenTries> {
  const network = networkOf(address)
  return inTransaction(db.prisma, async (tx) => {
    if (knownBrowser) {
      const own = key(hmacKey, 'browser', knownBrowser.toString('hex'), name)
      await take(tx, own, BACKOFF)
      return { forget: [own], lower: [] }
    }
    // Always in this order, so that two tries never wait for each other.
    const byAddress = key(hmacKey, 'address', network)
    const byName = key(hmacKey, 'name', name)
    const byPair = key(hmacKey, 'pair', name, network)
    const byPairHourly = key(hmacKey, 'pair-hourly', name, network)
    await take(tx, byAddress, ADDRESS)
    const failures = await take(tx, byName, NAME)
    await take(tx, byPair, BACKOFF)
    if (failures > NAME_UNDER_ATTACK) await take(tx, byPairHourly, NEW_ADDRESS)
    return { forget: [byPair, byPairHourly], lower: [byAddress, byName] }
  })
}

/** Count a try at a secret that isn't a name's (a setup code, a link), by address. @throws TOO_MANY_TRIES */
export async function takeSecretTry({ db, hmacKey }: Services, what: 'setup' | 'link', address: string): Promise<TakenTries> {
  const counter = key(hmacKey, what, networkOf(address))
  await inTransaction(db.prisma, (tx) => take(tx, counter, ADDRESS))
  return { forget: [], lower: [counter] }
}

/** A try at one's own current password, or at a confirmation, counted by person. @throws TOO_MANY_TRIES */
export async function takeOwnTry({ db, hmacKey }: Services, userId: string): Promise<TakenTries> {
  const counter = key(hmacKey, 'own', userId)
  await inTransaction(db.prisma, (tx) => take(tx, counter, BACKOFF))
  return { forget: [counter], lower: [] }
}

/** A try turned out well: it does not count. */
export async function returnTries(tx: Transaction, taken: TakenTries): Promise<void> {
  await giveBack(tx, taken.forget, taken.lower)
}
