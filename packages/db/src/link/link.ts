import { type Actor, compareRoles, ROLES, type Role, type UserTarget } from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'
import type { PrismaClient } from '../generated/client.ts'
import { lockQueue } from '../lock/lockQueue.ts'
import { ACTIVE_ACCOUNT } from '../sql/conditions.ts'

/**
 * A one-time link of an active user that is not used, revoked or expired. Whether it is valid depends on its creator's
 * permissions.
 */
export interface OpenLink {
  id: string
  username: string
  expiresAt: Date
  /** The user of the link, as they are now. */
  owner: UserTarget
  /** The user's first link: its creator created the user, who has no password yet. */
  first: boolean
  /** The creator as they are now; `inactive` when they are suspended or deleted; null when it was not a user. */
  creator: Actor | 'inactive' | null
}

interface LinkRow {
  id: string
  username: string
  expiresAt: Date
  owner: UserTarget
  first: boolean
  createdById: string | null
  creator: Actor | null
}

/** The open link of a token's hash. */
export async function findLink(tx: Pick<PrismaClient, '$queryRaw'>, tokenHash: Buffer): Promise<OpenLink | undefined> {
  const [row] = await tx.$queryRaw<LinkRow[]>`
    SELECT l."id", u."username", l."expiresAt", l."createdById", json_build_object('id', u."id", 'role', u."role", 'organizationId', u."organizationId") AS "owner",
      u."createdById" IS NOT DISTINCT FROM l."createdById" AND u."passwordHash" IS NULL AS "first",
      (SELECT json_build_object('id', m."id", 'role', m."role", 'organizationId', m."organizationId", 'managerScope', mo."managerScope")
       FROM "user" m JOIN "organization" mo ON mo."id" = m."organizationId" WHERE m."id" = l."createdById" AND m."status" = 'active' AND mo."status" = 'active') AS "creator"
    FROM "link" l JOIN "user" u ON u."id" = l."userId" JOIN "organization" o ON o."id" = u."organizationId"
    WHERE l."tokenHash" = ${tokenHash} AND l."usedAt" IS NULL AND l."revokedAt" IS NULL AND l."expiresAt" > now() AND ${ACTIVE_ACCOUNT}`
  if (!row) return undefined
  const { createdById, creator, ...link } = row
  return { ...link, creator: createdById === null ? null : (creator ?? 'inactive') }
}

/** Locks the owner and the creator of a link, in the order of their ids. What `findLink` finds next can't change. */
export async function lockLink(tx: Transaction, tokenHash: Buffer): Promise<void> {
  const [link] = await tx.$queryRaw<
    { userId: string; createdById: string | null }[]
  >`SELECT "userId", "createdById" FROM "link" WHERE "tokenHash" = ${tokenHash}`
  if (!link) return
  for (const id of [...new Set([link.userId, link.createdById ?? link.userId])].sort()) {
    if (id === link.userId)
      await tx.$queryRaw`WITH ${lockQueue(id, 'exclusive')} SELECT 1 FROM lock_queue, "user" u WHERE u."id" = ${id}::uuid FOR NO KEY UPDATE OF u`
    else
      await tx.$queryRaw`WITH ${lockQueue(id, 'shared')} SELECT 1 FROM lock_queue, "user" u WHERE u."id" = ${id}::uuid FOR SHARE OF u`
  }
}

/** Claims a link: one conditional update, so exactly one of many parallel calls gets true. */
export async function claimLink(tx: Transaction, linkId: string): Promise<boolean> {
  const claimed = await tx.$executeRaw`
    UPDATE "link" SET "usedAt" = now() WHERE "id" = ${linkId}::uuid AND "usedAt" IS NULL AND "revokedAt" IS NULL AND "expiresAt" > now()`
  return claimed === 1
}

/**
 * Revokes a user's unused links after their role changed, where the creator no longer outranks them. The creator could
 * otherwise use a copy.
 */
export async function revokeOutgrownLinks(tx: Transaction, userId: string, role: Role): Promise<void> {
  const outgrown = ROLES.filter((each) => each !== 'administrator' && compareRoles(each, role) <= 0)
  await tx.$executeRaw`
    UPDATE "link" l SET "revokedAt" = now() FROM "user" m
    WHERE l."userId" = ${userId}::uuid AND l."usedAt" IS NULL AND l."revokedAt" IS NULL AND m."id" = l."createdById" AND m."role" = ANY(${outgrown}::"role"[])`
}

/** Revokes every unused link of users. */
export async function revokeLinks(tx: Transaction, userIds: readonly string[]): Promise<void> {
  await tx.link.updateMany({
    where: { userId: { in: [...userIds] }, usedAt: null, revokedAt: null },
    data: { revokedAt: new Date() },
  })
}
