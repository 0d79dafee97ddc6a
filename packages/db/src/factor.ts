import type { Transaction } from './transaction.ts'

type Reader = Pick<Transaction, '$queryRaw'>

/** One's factors as their owner sees them; selects no secret. */
export interface OwnFactors {
  totpSince: Date | null
  passkeys: { id: string; name: string; createdAt: Date; lastUsedAt: Date | null; backedUp: boolean }[]
  recoveryCodesLeft: number
}

/** What somebody has besides their password. */
export async function ownFactors(prisma: Pick<Transaction, 'totp' | 'passkey' | 'recoveryCode'>, userId: string): Promise<OwnFactors> {
  const [totp, passkeys, recoveryCodesLeft] = await Promise.all([
    prisma.totp.findFirst({ where: { userId, confirmedAt: { not: null } }, select: { confirmedAt: true } }),
    prisma.passkey.findMany({
      where: { userId },
      select: { id: true, name: true, createdAt: true, lastUsedAt: true, backedUp: true },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    }),
    prisma.recoveryCode.count({ where: { userId, usedAt: null } }),
  ])
  return { totpSince: totp?.confirmedAt ?? null, passkeys, recoveryCodesLeft }
}

/** Which ways somebody's second factor can be given. */
export interface FactorWays {
  totp: boolean
  passkey: boolean
  recovery: boolean
}

/** Which ways somebody has to give a second factor. */
export async function factorWays(tx: Reader, userId: string): Promise<FactorWays> {
  const [row] = await tx.$queryRaw<FactorWays[]>`
    SELECT EXISTS (SELECT 1 FROM "totp" WHERE "userId" = ${userId}::uuid AND "confirmedAt" IS NOT NULL) AS "totp",
      EXISTS (SELECT 1 FROM "passkey" WHERE "userId" = ${userId}::uuid) AS "passkey",
      EXISTS (SELECT 1 FROM "recovery_code" WHERE "userId" = ${userId}::uuid AND "usedAt" IS NULL) AS "recovery"`
  return row ?? { totp: false, passkey: false, recovery: false }
}

/** Write down whether a locked user has a second factor, after a change of one; without any, recovery codes mean nothing and go. Gives what it was and is. */
export async function keepSecondFactor(tx: Transaction, userId: string): Promise<{ before: boolean; now: boolean }> {
  const { secondFactor: before } = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { secondFactor: true } })
  const { totp, passkey } = await factorWays(tx, userId)
  const now = totp || passkey
  if (now !== before) await tx.user.update({ where: { id: userId }, data: { secondFactor: now }, select: { id: true } })
  if (!now) await tx.recoveryCode.deleteMany({ where: { userId } })
  return { before, now }
}

/** A confirmed authenticator: its sealed secret, and the last time step whose code was taken. */
export async function findTotp(tx: Reader, userId: string): Promise<{ secret: Buffer; lastStep: number } | undefined> {
  const [row] = await tx.$queryRaw<{ secret: Uint8Array; lastStep: bigint }[]>`
    SELECT "secret", "lastStep" FROM "totp" WHERE "userId" = ${userId}::uuid AND "confirmedAt" IS NOT NULL`
  return row && { secret: Buffer.from(row.secret), lastStep: Number(row.lastStep) }
}

/** Take a time step's code: one conditional update, so that of many at once one gets it. */
export async function claimTotpStep(tx: Transaction, userId: string, step: number): Promise<boolean> {
  const claimed = await tx.$executeRaw`UPDATE "totp" SET "lastStep" = ${step}::bigint WHERE "userId" = ${userId}::uuid AND "lastStep" < ${step}::bigint`
  return claimed === 1
}

/** Set up an authenticator, in place of the one that was there; the code it was confirmed with is taken. */
export async function putTotp(tx: Transaction, userId: string, secret: Buffer<ArrayBuffer>, lastStep: number): Promise<void> {
  const now = new Date()
  const data = { secret, createdAt: now, confirmedAt: now, lastStep }
  await tx.totp.upsert({ where: { userId }, create: { userId, ...data }, update: data, select: { userId: true } })
}

/** Take an authenticator away; false when there was none. */
export async function removeTotp(tx: Transaction, userId: string): Promise<boolean> {
  return (await tx.totp.deleteMany({ where: { userId } })).count > 0
}

/** Replace somebody's recovery codes by these hashes. */
export async function replaceRecoveryCodes(tx: Transaction, userId: string, hashes: readonly Buffer<ArrayBuffer>[]): Promise<void> {
  await tx.recoveryCode.deleteMany({ where: { userId } })
  await tx.recoveryCode.createMany({ data: hashes.map((codeHash) => ({ userId, codeHash })) })
}

/** Use a recovery code up: one conditional update, so that of many at once one gets it. */
export async function claimRecoveryCode(tx: Transaction, userId: string, codeHash: Buffer<ArrayBuffer>): Promise<boolean> {
  return (await tx.recoveryCode.updateMany({ where: { userId, codeHash, usedAt: null }, data: { usedAt: new Date() } })).count === 1
}

/** Take every factor of a locked user away; false when there was none. */
export async function clearFactors(tx: Transaction, userId: string): Promise<boolean> {
  const totp = await tx.totp.deleteMany({ where: { userId } })
  const passkeys = await tx.passkey.deleteMany({ where: { userId } })
  const codes = await tx.recoveryCode.deleteMany({ where: { userId } })
  await tx.challenge.deleteMany({ where: { userId } })
  await tx.user.update({ where: { id: userId }, data: { secondFactor: false }, select: { id: true } })
  return totp.count + passkeys.count + codes.count > 0
}
