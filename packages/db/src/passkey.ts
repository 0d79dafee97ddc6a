import type { Transaction } from './transaction.ts'

/** A passkey as its answers are verified. */
export interface Passkey {
  id: string
  userId: string
  credentialId: Buffer<ArrayBuffer>
  publicKey: Buffer<ArrayBuffer>
  counter: number
  transports: string[]
}

interface Row extends Omit<Passkey, 'counter' | 'credentialId' | 'publicKey'> {
  credentialId: Uint8Array
  publicKey: Uint8Array
  counter: bigint
}
const VERIFIED = { id: true, userId: true, credentialId: true, publicKey: true, counter: true, transports: true } as const

function toPasskey(row: Row): Passkey {
  return { ...row, credentialId: Buffer.from(row.credentialId), publicKey: Buffer.from(row.publicKey), counter: Number(row.counter) }
}

/** The passkey of a credential's id, whosever it is. */
export async function findPasskey(tx: Pick<Transaction, 'passkey'>, credentialId: Buffer<ArrayBuffer>): Promise<Passkey | undefined> {
  const row = await tx.passkey.findUnique({ where: { credentialId }, select: VERIFIED })
  return row ? toPasskey(row) : undefined
}

/** Somebody's passkeys. */
export async function passkeysOf(tx: Pick<Transaction, 'passkey'>, userId: string): Promise<Passkey[]> {
  return (await tx.passkey.findMany({ where: { userId }, select: VERIFIED })).map(toPasskey)
}

/** Add a passkey. One that is there already is a unique violation. */
export async function insertPasskey(tx: Transaction, passkey: Passkey & { name: string; backedUp: boolean }): Promise<void> {
  await tx.passkey.create({ data: passkey, select: { id: true } })
}

/** A passkey was used: its counter goes on from the one that was verified against; false when another use came first. */
export async function usePasskey(tx: Transaction, { id, counter }: Passkey, next: { counter: number; backedUp: boolean }): Promise<boolean> {
  const used = await tx.passkey.updateMany({ where: { id, counter }, data: { ...next, lastUsedAt: new Date() } })
  return used.count === 1
}

/** Rename one of somebody's passkeys; false when they have no such. */
export async function renamePasskey(tx: Transaction, userId: string, id: string, name: string): Promise<boolean> {
  return (await tx.passkey.updateMany({ where: { id, userId }, data: { name } })).count === 1
}

/** Take one of somebody's passkeys away; false when they have no such. */
export async function removePasskey(tx: Transaction, userId: string, id: string): Promise<boolean> {
  return (await tx.passkey.deleteMany({ where: { id, userId } })).count === 1
}
