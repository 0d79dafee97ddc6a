import { Prisma, type PrismaClient } from './generated/client.ts'
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
): Promise<{ user: Credential | null; knownBrowser: boolean }> {
  // PostgreSQL takes no such character; no name has it, nor the one it becomes.
  const name = username.replaceAll('\0', ' ')
  const [row] = await prisma.$queryRaw<(Credential & { known: boolean })[]>`
    SELECT u."id", u."organizationId", u."passwordHash", u."status" = 'active' AND o."status" = 'active' AS "mayEnter", ${Prisma.raw(NETWORKS)} AS "networks",
      EXISTS (SELECT 1 FROM "known_browser" b WHERE b."tokenHash" = ${browser ?? Buffer.alloc(1)} AND b."userId" = u."id") AS "known"
    FROM "user" u JOIN "organization" o ON o."id" = u."organizationId" CROSS JOIN "instance" i WHERE u."username" = ${name}`
  if (!row) return { user: null, knownBrowser: false }
  const { known, ...user } = row
  return { user, knownBrowser: known }
}

/**
 * The end of a sign-in: the account must still be open and the password still the one that was verified (held against change by the row's lock),
 * and the browser is known from now on. False when it is not.
 */
export async function rememberBrowser(tx: Transaction, userId: string, passwordHash: string | null, browser: Buffer | null): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT u."id" FROM "user" u JOIN "organization" o ON o."id" = u."organizationId"
    WHERE u."id" = ${userId}::uuid AND u."passwordHash" = ${passwordHash} AND u."status" = 'active' AND o."status" = 'active' FOR NO KEY UPDATE OF u`
  if (!row) return false
  if (browser) {
    await tx.$executeRaw`INSERT INTO "known_browser" ("tokenHash", "userId") VALUES (${browser}, ${userId}::uuid) ON CONFLICT ("tokenHash", "userId") DO UPDATE SET "lastUsedAt" = now()`
  }
  return true
}

/** One's own hash, to be compared with the current password. */
export async function ownPasswordHash(prisma: Pick<Transaction, 'user'>, userId: string): Promise<string | null> {
  const row = await prisma.user.findUnique({ where: { id: userId }, select: { passwordHash: true } })
  return row?.passwordHash ?? null
}

/** Set somebody's password for them. `setById` is who did it, where it was a user: its owner is told until they acknowledge it. */
export async function setPassword(
  tx: Transaction,
  userId: string,
  passwordHash: string,
  how: { changeRequired: boolean; setById: string | null },
): Promise<void> {
  await tx.user.update({
    where: { id: userId },
    data: { passwordHash, passwordChangeRequired: how.changeRequired, passwordSetAt: new Date(), passwordSetById: how.setById },
    select: { id: true },
  })
}

/** Set one's own password. Who set it before, and when, is still told until that is acknowledged: whoever has to choose a new one at once would never learn of it. */
export async function setOwnPassword(tx: Transaction, userId: string, passwordHash: string): Promise<void> {
  await tx.$executeRaw`UPDATE "user" SET "passwordHash" = ${passwordHash}, "passwordChangeRequired" = false,
    "passwordSetAt" = CASE WHEN "passwordSetById" IS NULL THEN now() ELSE "passwordSetAt" END WHERE "id" = ${userId}::uuid`
}
