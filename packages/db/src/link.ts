import { type Actor, compareRoles, ROLES, type Role, type UserTarget } from '@roster/domain'
import type { PrismaClient } from './generated/client.ts'
import { lockQueueAt } from './lockQueue.ts'
import type { Transaction } from './transaction.ts'

/** A one-time link that was not used, revoked or outlived, of somebody active. Whether it still stands is up to its maker's authority. */
export interface OpenLink {
  id: string
  username: string
  expiresAt: Date
  /** Whose link it is, as they are now. */
  owner: UserTarget
  /** Its maker made its owner, who never had a password: it is how they come in at all. */
  first: boolean
  /** Who made it, as they are now; `gone` when they are suspended or deleted; null when it was not made by a user. */
  maker: Actor | 'gone' | null
}

interface LinkRow {
  id: string
  username: string
  expiresAt: Date
  owner: UserTarget
  first: boolean
  createdById: string | null
  maker: Actor | null
}

/** The link of a token's hash, if it is open now. */
export async function findLink(tx: Pick<PrismaClient, '$queryRaw'>, tokenHash: Buffer): Promise<OpenLink | undefined> {
  const [row] = await tx.$queryRaw<LinkRow[]>`
    SELECT l."id", u."username", l."expiresAt", l."createdById", json_build_object('id', u."id", 'role', u."role", 'organizationId', u."organizationId") AS "owner",
      u."createdById" IS NOT DISTINCT FROM l."createdById" AND u."passwordHash" IS NULL AS "first",
      (SELECT json_build_object('id', m."id", 'role', m."role", 'organizationId', m."organizationId", 'managerScope', mo."managerScope")
       FROM "user" m JOIN "organization" mo ON mo."id" = m."organizationId" WHERE m."id" = l."createdById" AND m."status" = 'active' AND mo."status" = 'active') AS "maker"
    FROM "link" l JOIN "user" u ON u."id" = l."userId" JOIN "organization" o ON o."id" = u."organizationId"
    WHERE l."tokenHash" = ${tokenHash} AND l."usedAt" IS NULL AND l."revokedAt" IS NULL AND l."expiresAt" > now() AND u."status" = 'active' AND o."status" = 'active'`
  if (!row) return undefined
  const { createdById, maker, ...link } = row
  return { ...link, maker: createdById === null ? null : (maker ?? 'gone') }
}

/** Hold the owner of a link and whoever made it, by id, so that what they are, and whether the link is open, stays as it is found next. */
export async function lockLink(tx: Transaction, tokenHash: Buffer): Promise<void> {
  const [link] = await tx.$queryRaw<
    { userId: string; createdById: string | null }[]
  >`SELECT "userId", "createdById" FROM "link" WHERE "tokenHash" = ${tokenHash}`
  if (!link) return
  for (const id of [...new Set([link.userId, link.createdById ?? link.userId])].sort()) {
    if (id === link.userId)
      await tx.$queryRaw`WITH ${lockQueueAt(id, 'alone')} SELECT 1 FROM lockQueue, "user" u WHERE u."id" = ${id}::uuid FOR NO KEY UPDATE OF u`
    else await tx.$queryRaw`WITH ${lockQueueAt(id, 'shared')} SELECT 1 FROM lockQueue, "user" u WHERE u."id" = ${id}::uuid FOR SHARE OF u`
  }
}

/** Use a link up: one conditional update, so exactly one of many gets it. */
export async function claimLink(tx: Transaction, linkId: string): Promise<boolean> {
  const claimed = await tx.$executeRaw`
    UPDATE "link" SET "usedAt" = now() WHERE "id" = ${linkId}::uuid AND "usedAt" IS NULL AND "revokedAt" IS NULL AND "expiresAt" > now()`
  return claimed === 1
}

/** Kill somebody's unused links that were made by whoever no longer outranks them, now that they have this role: else it would be opened by whoever kept it. */
export async function revokeOutgrownLinks(tx: Transaction, userId: string, role: Role): Promise<void> {
  const outgrown = ROLES.filter((each) => each !== 'administrator' && compareRoles(each, role) <= 0)
  await tx.$executeRaw`
    UPDATE "link" l SET "revokedAt" = now() FROM "user" m
    WHERE l."userId" = ${userId}::uuid AND l."usedAt" IS NULL AND l."revokedAt" IS NULL AND m."id" = l."createdById" AND m."role" = ANY(${outgrown}::"role"[])`
}

/** Kill every unused link of users. */
export async function revokeLinks(tx: Transaction, userIds: readonly string[]): Promise<void> {
  await tx.link.updateMany({ where: { userId: { in: [...userIds] }, usedAt: null, revokedAt: null }, data: { revokedAt: new Date() } })
}
