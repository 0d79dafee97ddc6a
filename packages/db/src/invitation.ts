import type { Actor, InvitationTarget, Role, Scope } from '@roster/domain'
import { Prisma } from './generated/client.ts'
import { lockQueueAt } from './lockQueue.ts'
import { MEMBER_NOW } from './member.ts'
import type { Transaction } from './transaction.ts'

/** An invitation as it is made. */
export interface NewInvitation {
  id: string
  organizationId: string
  tokenHash: Buffer<ArrayBuffer>
  role: Role
  note: string | null
  uses: number
  expiresAt: Date
  createdById: string
}

/** Make an invitation into workspaces that are held. */
export async function insertInvitation(tx: Transaction, invitation: NewInvitation, workspaceIds: readonly string[]): Promise<void> {
  await tx.invitation.create({ data: invitation, select: { id: true } })
  if (workspaceIds.length === 0) return
  await tx.$executeRaw`
    INSERT INTO "invitation_workspace" ("organizationId", "invitationId", "workspaceId")
    SELECT ${invitation.organizationId}::uuid, ${invitation.id}::uuid, unnest(${workspaceIds}::uuid[])`
}

/** An invitation that was not used up, revoked or outlived. Whether it still stands is up to its inviter's authority. */
export interface OpenInvitation extends Omit<InvitationTarget, 'workspaces'> {
  id: string
  organizationName: string
  expiresAt: Date
  /** Who gave it, as they are now; null when they are suspended or deleted, or their organization is suspended. */
  inviter: (Actor & { name: string }) | null
  /** By name; `assigned`: whether the inviter is a member of it now. */
  workspaces: { id: string; name: string; organizationId: string; archived: boolean; assigned: boolean }[]
}

/** The invitation of a token's hash, if it is open now: one statement, whatever there is. */
export async function findInvitation(tx: Pick<Transaction, '$queryRaw'>, tokenHash: Buffer): Promise<OpenInvitation | undefined> {
  const [row] = await tx.$queryRaw<(Omit<OpenInvitation, 'workspaces'> & { workspaces: OpenInvitation['workspaces'] | null })[]>`
    SELECT i."id", i."organizationId", i."role", i."expiresAt", o."name" AS "organizationName",
      (SELECT json_build_object('id', c."id", 'role', c."role", 'organizationId', c."organizationId", 'managerScope', co."managerScope", 'name', COALESCE(c."displayName", c."username"))
       FROM "user" c JOIN "organization" co ON co."id" = c."organizationId" WHERE c."id" = i."createdById" AND c."status" = 'active' AND co."status" = 'active') AS "inviter",
      (SELECT json_agg(json_build_object('id', w."id", 'name', w."name", 'organizationId', w."organizationId", 'archived', w."archivedAt" IS NOT NULL, 'assigned',
         EXISTS (SELECT 1 FROM "member" m WHERE m."workspaceId" = w."id" AND m."userId" = i."createdById" AND ${MEMBER_NOW})) ORDER BY w."nameKey")
       FROM "invitation_workspace" iw JOIN "workspace" w ON w."id" = iw."workspaceId" WHERE iw."invitationId" = i."id") AS "workspaces"
    FROM "invitation" i JOIN "organization" o ON o."id" = i."organizationId"
    WHERE i."tokenHash" = ${tokenHash} AND i."used" < i."uses" AND i."revokedAt" IS NULL AND i."expiresAt" > now() AND o."status" = 'active'`
  return row && { ...row, workspaces: row.workspaces ?? [] }
}

/**
 * Hold whatever an invitation stands by: who gave it, both organizations, itself, its workspaces, and the inviter's memberships of them. What is found
 * next stays so until the transaction's end.
 */
export async function lockInvitationByToken(tx: Transaction, tokenHash: Buffer): Promise<void> {
  const [invitation] = await tx.$queryRaw<{ id: string; organizationId: string; createdById: string }[]>`
    SELECT "id", "organizationId", "createdById" FROM "invitation" WHERE "tokenHash" = ${tokenHash}`
  if (!invitation) return
  const { id, organizationId, createdById } = invitation
  // With their turn nobody moves them. Their row comes after the organizations: whoever deletes one holds it, and then wants all of its people's rows.
  await tx.$queryRaw`WITH ${lockQueueAt(createdById, 'shared')} SELECT 1 FROM lockQueue`
  const [inviter] = await tx.$queryRaw<{ organizationId: string }[]>`SELECT "organizationId" FROM "user" WHERE "id" = ${createdById}::uuid`
  for (const place of [...new Set([organizationId, inviter?.organizationId ?? organizationId])].sort()) {
    await tx.$queryRaw`WITH ${lockQueueAt(place, 'shared')} SELECT 1 FROM lockQueue, "organization" o WHERE o."id" = ${place}::uuid FOR SHARE OF o`
  }
  await tx.$queryRaw`SELECT 1 FROM "user" WHERE "id" = ${createdById}::uuid FOR SHARE`
  await tx.$queryRaw`SELECT 1 FROM "invitation" WHERE "id" = ${id}::uuid FOR NO KEY UPDATE`
  await lockInvitedWorkspaces(tx, id, createdById)
}

/** Use an invitation once: one conditional update, so exactly as many of many get it as it allows. */
export async function claimInvitation(tx: Transaction, invitationId: string): Promise<boolean> {
  const claimed = await tx.$executeRaw`
    UPDATE "invitation" SET "used" = "used" + 1 WHERE "id" = ${invitationId}::uuid AND "used" < "uses" AND "revokedAt" IS NULL AND "expiresAt" > now()`
  return claimed === 1
}

/** An invitation that is acted upon, as loaded and locked. */
export interface LockedInvitation {
  id: string
  organizationId: string
  role: Role
  used: number
  uses: number
  /** Taken back by somebody, or ended with the right to give it. */
  over: 'revoked' | 'dead' | null
  expiresAt: Date
}

/** A scope as a condition on invitations `i`: they are seen by who sees the people of their organization. */
export function invitationScope(scope: Scope): Prisma.Sql {
  if (scope.kind === 'instance') return Prisma.sql`TRUE`
  return scope.kind === 'organization' ? Prisma.sql`i."organizationId" = ${scope.organizationId}::uuid` : Prisma.sql`FALSE`
}

/** Load and lock one invitation within the scope. */
export async function lockInvitation(tx: Transaction, scope: Scope, invitationId: string): Promise<LockedInvitation | undefined> {
  const [row] = await tx.$queryRaw<LockedInvitation[]>`
    SELECT i."id", i."organizationId", i."role", i."used", i."uses", i."expiresAt",
      CASE WHEN i."revokedAt" IS NOT NULL THEN CASE WHEN i."revokedById" IS NULL THEN 'dead' ELSE 'revoked' END END AS "over" FROM "invitation" i
    WHERE i."id" = ${invitationId}::uuid AND ${invitationScope(scope)} FOR NO KEY UPDATE OF i`
  return row
}

/** The workspaces of a locked invitation, held; `assigned`: whether `userId` is a member of each now, which is held as well. */
export async function lockInvitedWorkspaces(tx: Transaction, invitationId: string, userId: string): Promise<InvitationTarget['workspaces']> {
  await tx.$queryRaw`SELECT 1 FROM "workspace" w JOIN "invitation_workspace" iw ON iw."workspaceId" = w."id" WHERE iw."invitationId" = ${invitationId}::uuid ORDER BY w."id" FOR SHARE OF w`
  const members = await tx.$queryRaw<{ workspaceId: string }[]>`
    SELECT m."workspaceId" FROM "member" m JOIN "invitation_workspace" iw ON iw."workspaceId" = m."workspaceId"
    WHERE iw."invitationId" = ${invitationId}::uuid AND m."userId" = ${userId}::uuid AND ${MEMBER_NOW} ORDER BY m."workspaceId" FOR SHARE OF m`
  const assigned = new Set(members.map((member) => member.workspaceId))
  const rows = await tx.$queryRaw<{ id: string; organizationId: string }[]>`
    SELECT iw."workspaceId" AS "id", iw."organizationId" FROM "invitation_workspace" iw WHERE iw."invitationId" = ${invitationId}::uuid`
  return rows.map(({ id, organizationId }) => ({ organizationId, assigned: assigned.has(id) }))
}

/** A new link and a new end for a locked invitation, which stands by whoever does so from now on. */
export async function renewInvitation(
  tx: Transaction,
  invitationId: string,
  to: { tokenHash: Buffer<ArrayBuffer>; expiresAt: Date; createdById: string },
): Promise<void> {
  await tx.invitation.update({ where: { id: invitationId }, data: { ...to, revokedAt: null }, select: { id: true } })
}

/** End what a locked user has invited to: they can't give it any more. It doesn't come back with the right to; somebody who has that sends it again. */
export async function endInvitations(tx: Transaction, createdById: string): Promise<void> {
  await tx.$executeRaw`UPDATE "invitation" SET "revokedAt" = now(), "revokedById" = NULL WHERE "createdById" = ${createdById}::uuid AND "revokedAt" IS NULL`
}

/** Revoke a locked invitation. */
export async function revokeInvitation(tx: Transaction, invitationId: string, revokedById: string): Promise<void> {
  await tx.$executeRaw`UPDATE "invitation" SET "revokedAt" = now(), "revokedById" = ${revokedById}::uuid WHERE "id" = ${invitationId}::uuid`
}
