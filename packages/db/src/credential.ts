import type { Role } from '@roster/domain'
import { dropChallenges } from './challenge.ts'
import { Prisma, type PrismaClient } from './generated/client.ts'
import { lockQueueAt } from './lockQueue.ts'
import { NETWORKS } from './network.ts'
import type { Transaction } from './transaction.ts'

/** What signing in needs of somebody; the only place a password hash is read. */
export interface Credential {
  id: string
  organizationId: string
  passwordHash: string | null
  /** Active, in an active organization. */
  mayEnter: boolean
  /** Networks (CIDR) from which their role may come; null: from anywhere. */
  networks: string[] | null
}

/** Look up a name to sign in with, and whether this browser signed in with it before: one statement, whether or not there is such a name. */
export async function findCredential(
  prisma: PrismaClient,
  username: string,
  browser: Buffer | null,
): Promise<{ user: Credential | null; deviceCookie: boolean }> {
  // PostgreSQL takes no such character; no name has it, nor the one it becomes.
  const name = username.replaceAll('\0', ' ')
  const [row] = await prisma.$queryRaw<(Credential & { known: boolean })[]>`
    SELECT u."id", u."organizationId", u."passwordHash", u."status" = 'active' AND o."status" = 'active' AS "mayEnter", ${Prisma.raw(NETWORKS)} AS "networks",
      EXISTS (SELECT 1 FROM "device_cookie" b WHERE b."tokenHash" = ${browser ?? Buffer.alloc(1)} AND b."userId" = u."id") AS "known"
    FROM "user" u JOIN "organization" o ON o."id" = u."organizationId" CROSS JOIN "instance" i WHERE u."username" = ${name}`
  if (!row) return { user: null, deviceCookie: false }
  const { known, ...user } = row
  return { user, deviceCookie: known }
}

/** Somebody who is about to come in, held against change: their account, password and factors stay as they are until the transaction's end. */
export interface Entrant {
  id: string
  organizationId: string
  username: string
  role: Role
  passwordHash: string | null
  mayEnter: boolean
  secondFactor: boolean
  networks: string[] | null
}

/** Hold whoever is about to come in, as they are inside the transaction; undefined when they are deleted. */
export async function lockEntrant(tx: Transaction, userId: string): Promise<Entrant | undefined> {
  const [row] = await tx.$queryRaw<Entrant[]>`
    WITH ${lockQueueAt(userId, 'alone')}
    SELECT u."id", u."organizationId", u."username", u."role", u."passwordHash", u."status" = 'active' AND o."status" = 'active' AS "mayEnter", u."secondFactor",
      ${Prisma.raw(NETWORKS)} AS "networks"
    FROM lockQueue, "user" u JOIN "organization" o ON o."id" = u."organizationId" CROSS JOIN "instance" i
    WHERE u."id" = ${userId}::uuid AND u."status" <> 'deleted' FOR NO KEY UPDATE OF u`
  return row
}

/** Whether somebody signed in from this browser before. */
export async function isDeviceCookieKnown(prisma: Pick<Transaction, 'deviceCookie'>, userId: string, browser: Buffer<ArrayBuffer>): Promise<boolean> {
  return (await prisma.deviceCookie.count({ where: { tokenHash: browser, userId } })) > 0
}

/** The browser is known with its user from now on. */
export async function rememberDeviceCookie(tx: Transaction, userId: string, browser: Buffer): Promise<void> {
  await tx.$executeRaw`INSERT INTO "device_cookie" ("tokenHash", "userId") VALUES (${browser}, ${userId}::uuid) ON CONFLICT ("tokenHash", "userId") DO UPDATE SET "lastUsedAt" = now()`
}

/** One's own hash, to be compared with the current password. */
export async function ownPasswordHash(prisma: Pick<Transaction, 'user'>, userId: string): Promise<string | null> {
  const row = await prisma.user.findUnique({ where: { id: userId }, select: { passwordHash: true } })
  return row?.passwordHash ?? null
}

/** Stands for whoever runs the server, who has no account, where somebody is told who set their password or reset their second factor. */
export const OPERATOR_ID = '00000000-0000-0000-0000-000000000000'

/** Set somebody's password for them. `setById` is who did it: its owner is told until they acknowledge it; null where there is nobody to tell of. */
export async function setPassword(
  tx: Transaction,
  userId: string,
  passwordHash: string,
  how: { changeRequired: boolean; setById: string | null },
): Promise<void> {
  await tx.user.update({
    where: { id: userId },
    data: {
      passwordHash,
      passwordChangeRequired: how.changeRequired,
      passwordSetAt: new Date(),
      passwordSetById: how.setById,
      passwordChosenById: how.setById,
    },
    select: { id: true },
  })
  await dropChallenges(tx, [userId])
}

/** Set one's own password. Who set it before, and when, is still told until that is acknowledged: whoever has to choose a new one at once would never learn of it. */
export async function setOwnPassword(tx: Transaction, userId: string, passwordHash: string): Promise<void> {
  await tx.$executeRaw`UPDATE "user" SET "passwordHash" = ${passwordHash}, "passwordChangeRequired" = false, "passwordChosenById" = NULL,
    "passwordSetAt" = CASE WHEN "passwordSetById" IS NULL THEN now() ELSE "passwordSetAt" END WHERE "id" = ${userId}::uuid`
  await dropChallenges(tx, [userId])
}
