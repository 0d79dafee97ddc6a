import type { Role } from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'
import { Prisma, type PrismaClient } from '../generated/client.ts'
import { ROLE_NETWORKS } from '../instance/network.ts'
import { lockQueue } from '../lock/lockQueue.ts'
import { deleteChallenges } from '../session/challenge.ts'
import { ACTIVE_ACCOUNT, EXISTING_USER } from '../sql/conditions.ts'

/** The account data that sign-in needs. */
export interface Credential {
  id: string
  organizationId: string
  passwordHash: string | null
  /** Whether the user and their organization are active. */
  maySignIn: boolean
  /** Networks (CIDR) that their role may come from; null for any. */
  networks: string[] | null
}

/**
 * Finds the account of a username, and whether it knows this device cookie. Runs the same statement whether or not the
 * username exists.
 */
export async function findCredential(
  prisma: PrismaClient,
  username: string,
  deviceCookieHash: Buffer | null,
): Promise<{ user: Credential | null; deviceCookie: boolean }> {
  // PostgreSQL refuses NUL in a parameter. No username holds NUL or a space.
  const name = username.replaceAll('\0', ' ')
  const [row] = await prisma.$queryRaw<(Credential & { deviceCookie: boolean })[]>`
    SELECT u."id", u."organizationId", u."passwordHash", ${ACTIVE_ACCOUNT} AS "maySignIn", ${Prisma.raw(ROLE_NETWORKS)} AS "networks",
      EXISTS (SELECT 1 FROM "device_cookie" b WHERE b."tokenHash" = ${deviceCookieHash ?? Buffer.alloc(1)} AND b."userId" = u."id") AS "deviceCookie"
    FROM "user" u JOIN "organization" o ON o."id" = u."organizationId" CROSS JOIN "instance" i WHERE u."username" = ${name}`
  if (!row) return { user: null, deviceCookie: false }
  const { deviceCookie, ...user } = row
  return { user, deviceCookie }
}

/**
 * A user who is signing in, with their account locked: password and factors can't change until the transaction ends.
 */
export interface SigningInUser {
  id: string
  organizationId: string
  username: string
  role: Role
  passwordHash: string | null
  maySignIn: boolean
  secondFactor: boolean
  networks: string[] | null
}

/** Loads and locks a user who is signing in; undefined when they are deleted. */
export async function lockSigningInUser(tx: Transaction, userId: string): Promise<SigningInUser | undefined> {
  const [row] = await tx.$queryRaw<SigningInUser[]>`
    WITH ${lockQueue(userId, 'exclusive')}
    SELECT u."id", u."organizationId", u."username", u."role", u."passwordHash", ${ACTIVE_ACCOUNT} AS "maySignIn", u."secondFactor",
      ${Prisma.raw(ROLE_NETWORKS)} AS "networks"
    FROM lock_queue, "user" u JOIN "organization" o ON o."id" = u."organizationId" CROSS JOIN "instance" i
    WHERE u."id" = ${userId}::uuid AND ${EXISTING_USER} FOR NO KEY UPDATE OF u`
  return row
}

/** Whether a user has a device cookie: they signed in from that browser before. */
export async function hasDeviceCookie(
  prisma: Pick<Transaction, 'deviceCookie'>,
  userId: string,
  tokenHash: Buffer<ArrayBuffer>,
): Promise<boolean> {
  return (await prisma.deviceCookie.count({ where: { tokenHash, userId } })) > 0
}

/** Saves a user's device cookie, or when it was last used. */
export async function saveDeviceCookie(tx: Transaction, userId: string, tokenHash: Buffer): Promise<void> {
  await tx.$executeRaw`INSERT INTO "device_cookie" ("tokenHash", "userId") VALUES (${tokenHash}, ${userId}::uuid) ON CONFLICT ("tokenHash", "userId") DO UPDATE SET "lastUsedAt" = now()`
}

/** A user's password hash, to verify the current password against. */
export async function findPasswordHash(prisma: Pick<Transaction, 'user'>, userId: string): Promise<string | null> {
  const row = await prisma.user.findUnique({ where: { id: userId }, select: { passwordHash: true } })
  return row?.passwordHash ?? null
}

/**
 * The operator of the server has no account. This id stands for them where a user sees who set their password or reset
 * their second factor.
 */
export const OPERATOR_USER_ID = '00000000-0000-0000-0000-000000000000'

/** Sets the password of another user. The user sees `setById` until they acknowledge it; null: no notice. */
export async function setPassword(
  tx: Transaction,
  userId: string,
  passwordHash: string,
  { changeRequired, setById }: { changeRequired: boolean; setById: string | null },
): Promise<void> {
  await tx.user.update({
    where: { id: userId },
    data: {
      passwordHash,
      passwordChangeRequired: changeRequired,
      passwordSetAt: new Date(),
      passwordSetById: setById,
      passwordChosenById: setById,
    },
    select: { id: true },
  })
  await deleteChallenges(tx, [userId])
}

/**
 * Sets the user's own password. The notice of who set the previous one stays until it is acknowledged: a forced change
 * would otherwise hide it.
 */
export async function setOwnPassword(tx: Transaction, userId: string, passwordHash: string): Promise<void> {
  await tx.$executeRaw`UPDATE "user" SET "passwordHash" = ${passwordHash}, "passwordChangeRequired" = false, "passwordChosenById" = NULL,
    "passwordSetAt" = CASE WHEN "passwordSetById" IS NULL THEN now() ELSE "passwordSetAt" END WHERE "id" = ${userId}::uuid`
  await deleteChallenges(tx, [userId])
}
