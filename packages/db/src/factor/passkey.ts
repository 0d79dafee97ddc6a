import type { Transaction } from '../client/transaction.ts'

/** A passkey with what it takes to verify its answers. */
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
const VERIFIED = {
  id: true,
  userId: true,
  credentialId: true,
  publicKey: true,
  counter: true,
  transports: true,
} as const

function toPasskey(row: Row): Passkey {
  return {
    ...row,
    credentialId: Buffer.from(row.credentialId),
    publicKey: Buffer.from(row.publicKey),
    counter: Number(row.counter),
  }
}

/** The passkey of a credential id, of any user. */
export async function findPasskey(
  tx: Pick<Transaction, 'passkey'>,
  credentialId: Buffer<ArrayBuffer>,
): Promise<Passkey | undefined> {
  const row = await tx.passkey.findUnique({ where: { credentialId }, select: VERIFIED })
  return row ? toPasskey(row) : undefined
}

/** The passkeys of a user. */
export async function listPasskeys(tx: Pick<Transaction, 'passkey'>, userId: string): Promise<Passkey[]> {
  return (await tx.passkey.findMany({ where: { userId }, select: VERIFIED })).map(toPasskey)
}

/** Inserts a passkey. A known credential id is a unique violation. */
export async function insertPasskey(
  tx: Transaction,
  passkey: Passkey & { name: string; backedUp: boolean },
): Promise<void> {
  await tx.passkey.create({ data: passkey, select: { id: true } })
}

/** Records a use of a passkey; false when another use changed the counter first. */
export async function recordPasskeyUse(
  tx: Transaction,
  { id, counter }: Passkey,
  next: { counter: number; backedUp: boolean },
): Promise<boolean> {
  const used = await tx.passkey.updateMany({ where: { id, counter }, data: { ...next, lastUsedAt: new Date() } })
  return used.count === 1
}

/** Renames a passkey of a user; false when they don't have it. */
export async function renamePasskey(tx: Transaction, userId: string, id: string, name: string): Promise<boolean> {
  return (await tx.passkey.updateMany({ where: { id, userId }, data: { name } })).count === 1
}

/** Deletes a passkey of a user; false when they don't have it. */
export async function removePasskey(tx: Transaction, userId: string, id: string): Promise<boolean> {
  return (await tx.passkey.deleteMany({ where: { id, userId } })).count === 1
}
