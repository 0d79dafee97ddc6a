import type { PrismaClient } from './generated/client.ts'
import type { Transaction } from './transaction.ts'

/** A one-time link that is good now: its owner active, in an active organization. */
export async function findLink(prisma: PrismaClient, tokenHash: Buffer): Promise<{ id: string; username: string; expiresAt: Date } | undefined> {
  const [row] = await prisma.$queryRaw<{ id: string; username: string; expiresAt: Date }[]>`
    SELECT l."id", u."username", l."expiresAt" FROM "link" l JOIN "user" u ON u."id" = l."userId" JOIN "organization" o ON o."id" = u."organizationId"
    WHERE l."tokenHash" = ${tokenHash} AND l."usedAt" IS NULL AND l."revokedAt" IS NULL AND l."expiresAt" > now() AND u."status" = 'active' AND o."status" = 'active'`
  return row
}

/** Use a link up, if it is still good: one conditional update, so exactly one of many gets it. The user's row is held. */
export async function claimLink(tx: Transaction, tokenHash: Buffer): Promise<{ id: string; userId: string; organizationId: string } | undefined> {
  const [link] = await tx.$queryRaw<{ id: string; userId: string; organizationId: string }[]>`
    SELECT l."id", l."userId", u."organizationId" FROM "link" l JOIN "user" u ON u."id" = l."userId" JOIN "organization" o ON o."id" = u."organizationId"
    WHERE l."tokenHash" = ${tokenHash} AND u."status" = 'active' AND o."status" = 'active' FOR NO KEY UPDATE OF u`
  if (!link) return undefined
  const claimed = await tx.$executeRaw`
    UPDATE "link" SET "usedAt" = now() WHERE "id" = ${link.id}::uuid AND "usedAt" IS NULL AND "revokedAt" IS NULL AND "expiresAt" > now()`
  return claimed === 1 ? link : undefined
}

/** Kill every unused link of users. */
export async function revokeLinks(tx: Transaction, userIds: readonly string[]): Promise<void> {
  await tx.link.updateMany({ where: { userId: { in: [...userIds] }, usedAt: null, revokedAt: null }, data: { revokedAt: new Date() } })
}
