import type { Transaction } from '../client/transaction.ts'

type Reader = Pick<Transaction, '$queryRaw'>

/** A user's second factors as the user sees them, without secrets. */
export interface UserFactors {
  totpSince: Date | null
  passkeys: { id: string; name: string; createdAt: Date; lastUsedAt: Date | null; backedUp: boolean }[]
  recoveryCodesLeft: number
}

/** The second factors of a user. */
export async function findFactors(
  prisma: Pick<Transaction, 'totp' | 'passkey' | 'recoveryCode'>,
  userId: string,
): Promise<UserFactors> {
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

/** The methods by which a user can give a second factor. */
export interface FactorMethods {
  totp: boolean
  passkey: boolean
  recovery: boolean
}

/** The second-factor methods that a user has. */
export async function findFactorMethods(tx: Reader, userId: string): Promise<FactorMethods> {
  const [row] = await tx.$queryRaw<FactorMethods[]>`
    SELECT EXISTS (SELECT 1 FROM "totp" WHERE "userId" = ${userId}::uuid AND "confirmedAt" IS NOT NULL) AS "totp",
      EXISTS (SELECT 1 FROM "passkey" WHERE "userId" = ${userId}::uuid) AS "passkey",
      EXISTS (SELECT 1 FROM "recovery_code" WHERE "userId" = ${userId}::uuid AND "usedAt" IS NULL) AS "recovery"`
  return row ?? { totp: false, passkey: false, recovery: false }
}

/**
 * Updates `secondFactor` of a locked user after a change of factors, and deletes recovery codes that are left without
 * one. Returns the old and new value.
 */
export async function updateSecondFactor(tx: Transaction, userId: string): Promise<{ before: boolean; now: boolean }> {
  const { secondFactor: before } = await tx.user.findUniqueOrThrow({
    where: { id: userId },
    select: { secondFactor: true },
  })
  const { totp, passkey } = await findFactorMethods(tx, userId)
  const now = totp || passkey
  if (now !== before) await tx.user.update({ where: { id: userId }, data: { secondFactor: now }, select: { id: true } })
  if (!now) await tx.recoveryCode.deleteMany({ where: { userId } })
  return { before, now }
}

/** A confirmed authenticator: its encrypted secret, and the last time step with a used code. */
export async function findTotp(tx: Reader, userId: string): Promise<{ secret: Buffer; lastStep: number } | undefined> {
  const [row] = await tx.$queryRaw<{ secret: Uint8Array; lastStep: bigint }[]>`
    SELECT "secret", "lastStep" FROM "totp" WHERE "userId" = ${userId}::uuid AND "confirmedAt" IS NOT NULL`
  return row && { secret: Buffer.from(row.secret), lastStep: Number(row.lastStep) }
}

/** Claims the code of a time step: one conditional update, so exactly one of many parallel calls gets true. */
export async function claimTotpStep(tx: Transaction, userId: string, step: number): Promise<boolean> {
  const claimed =
    await tx.$executeRaw`UPDATE "totp" SET "lastStep" = ${step}::bigint WHERE "userId" = ${userId}::uuid AND "lastStep" < ${step}::bigint`
  return claimed === 1
}

/** Saves a confirmed authenticator in place of an earlier one. `lastStep`: the step of the code that confirmed it. */
export async function saveTotp(
  tx: Transaction,
  userId: string,
  secret: Buffer<ArrayBuffer>,
  lastStep: number,
): Promise<void> {
  const now = new Date()
  const data = { secret, createdAt: now, confirmedAt: now, lastStep }
  await tx.totp.upsert({ where: { userId }, create: { userId, ...data }, update: data, select: { userId: true } })
}

/** Deletes a user's authenticator; false when there was none. */
export async function removeTotp(tx: Transaction, userId: string): Promise<boolean> {
  return (await tx.totp.deleteMany({ where: { userId } })).count > 0
}

/** Replaces a user's recovery codes. */
export async function replaceRecoveryCodes(
  tx: Transaction,
  userId: string,
  hashes: readonly Buffer<ArrayBuffer>[],
): Promise<void> {
  await tx.recoveryCode.deleteMany({ where: { userId } })
  await tx.recoveryCode.createMany({ data: hashes.map((codeHash) => ({ userId, codeHash })) })
}

/** Claims a recovery code: one conditional update, so exactly one of many parallel calls gets true. */
export async function claimRecoveryCode(
  tx: Transaction,
  userId: string,
  codeHash: Buffer<ArrayBuffer>,
): Promise<boolean> {
  return (
    (await tx.recoveryCode.updateMany({ where: { userId, codeHash, usedAt: null }, data: { usedAt: new Date() } }))
      .count === 1
  )
}

/** Deletes every factor of a locked user; false when there was none. */
export async function deleteFactors(tx: Transaction, userId: string): Promise<boolean> {
  const totp = await tx.totp.deleteMany({ where: { userId } })
  const passkeys = await tx.passkey.deleteMany({ where: { userId } })
  const codes = await tx.recoveryCode.deleteMany({ where: { userId } })
  await tx.challenge.deleteMany({ where: { userId } })
  await tx.user.update({ where: { id: userId }, data: { secondFactor: false }, select: { id: true } })
  return totp.count + passkeys.count + codes.count > 0
}
