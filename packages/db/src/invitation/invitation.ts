import type { Actor, InvitationTarget, Role, Scope } from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'
import { Prisma } from '../generated/client.ts'
import { lockQueue } from '../lock/lockQueue.ts'
import { CURRENT_MEMBER } from '../sql/conditions.ts'

/** A new invitation. */
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

/** Inserts an invitation into locked workspaces. */
export async function insertInvitation(
  tx: Transaction,
  invitation: NewInvitation,
  workspaceIds: readonly string[],
): Promise<void> {
  await tx.invitation.create({ data: invitation, select: { id: true } })
  if (workspaceIds.length === 0) return
  await tx.$executeRaw`
    INSERT INTO "invitation_workspace" ("organizationId", "invitationId", "workspaceId")
    SELECT ${invitation.organizationId}::uuid, ${invitation.id}::uuid, unnest(${workspaceIds}::uuid[])`
}

/** An invitation that is not used up, revoked or expired. Whether it is valid depends on the inviter's permissions. */
export interface OpenInvitation extends Omit<InvitationTarget, 'workspaces'> {
  id: string
  organizationName: string
  expiresAt: Date
  /** The inviter as they are now; null when they or their organization are suspended or deleted. */
  inviter: (Actor & { name: string }) | null
  /** Ordered by name. `assigned`: whether the inviter is a member now. */
  workspaces: { id: string; name: string; organizationId: string; archived: boolean; assigned: boolean }[]
}

/** The open invitation of a token's hash. Runs the same statement whether or not there is one. */
export async function findInvitation(
  tx: Pick<Transaction, '$queryRaw'>,
  tokenHash: Buffer,
): Promise<OpenInvitation | undefined> {
  const [row] = await tx.$queryRaw<
    (Omit<OpenInvitation, 'workspaces'> & { workspaces: OpenInvitation['workspaces'] | null })[]
  >`
    SELECT i."id", i."organizationId", i."role", i."expiresAt", o."name" AS "organizationName",
      (SELECT json_build_object('id', c."id", 'role', c."role", 'organizationId', c."organizationId", 'managerScope', co."managerScope", 'name', COALESCE(c."displayName", c."username"))
       FROM "user" c JOIN "organization" co ON co."id" = c."organizationId" WHERE c."id" = i."createdById" AND c."status" = 'active' AND co."status" = 'active') AS "inviter",
      (SELECT json_agg(json_build_object('id', w."id", 'name', w."name", 'organizationId', w."organizationId", 'archived', w."archivedAt" IS NOT NULL, 'assigned',
         EXISTS (SELECT 1 FROM "member" m WHERE m."workspaceId" = w."id" AND m."userId" = i."createdById" AND ${CURRENT_MEMBER})) ORDER BY w."nameKey")
       FROM "invitation_workspace" iw JOIN "workspace" w ON w."id" = iw."workspaceId" WHERE iw."invitationId" = i."id") AS "workspaces"
    FROM "invitation" i JOIN "organization" o ON o."id" = i."organizationId"
    WHERE i."tokenHash" = ${tokenHash} AND i."used" < i."uses" AND i."revokedAt" IS NULL AND i."expiresAt" > now() AND o."status" = 'active'`
  return row && { ...row, workspaces: row.workspaces ?? [] }
}

/**
 * Locks everything that an invitation depends on: the inviter, both organizations, the invitation, its workspaces, and
 * the inviter's memberships of them. What is found next stays the same until the transaction ends.
 */
export async function lockInvitationByToken(tx: Transaction, tokenHash: Buffer): Promise<void> {
  const [invitation] = await tx.$queryRaw<{ id: string; organizationId: string; createdById: string }[]>`
    SELECT "id", "organizationId", "createdById" FROM "invitation" WHERE "tokenHash" = ${tokenHash}`
  if (!invitation) return
  const { id, organizationId, createdById } = invitation
  // The lock queue keeps the inviter from being moved. Their row is locked after the organizations, as by the deletion
  // of an organization.
  await tx.$queryRaw`WITH ${lockQueue(createdById, 'shared')} SELECT 1 FROM lock_queue`
  const [inviter] = await tx.$queryRaw<
    { organizationId: string }[]
  >`SELECT "organizationId" FROM "user" WHERE "id" = ${createdById}::uuid`
  for (const each of [...new Set([organizationId, inviter?.organizationId ?? organizationId])].sort()) {
    await tx.$queryRaw`WITH ${lockQueue(each, 'shared')} SELECT 1 FROM lock_queue, "organization" o WHERE o."id" = ${each}::uuid FOR SHARE OF o`
  }
  await tx.$queryRaw`SELECT 1 FROM "user" WHERE "id" = ${createdById}::uuid FOR SHARE`
  await tx.$queryRaw`SELECT 1 FROM "invitation" WHERE "id" = ${id}::uuid FOR NO KEY UPDATE`
  await lockInvitedWorkspaces(tx, id, createdById)
}

/**
 * Claims one use of an invitation: one conditional update, so exactly as many parallel calls get true as uses are left.
 */
export async function claimInvitation(tx: Transaction, invitationId: string): Promise<boolean> {
  const claimed = await tx.$executeRaw`
    UPDATE "invitation" SET "used" = "used" + 1 WHERE "id" = ${invitationId}::uuid AND "used" < "uses" AND "revokedAt" IS NULL AND "expiresAt" > now()`
  return claimed === 1
}

/** An invitation, locked for a change. */
export interface LockedInvitation {
  id: string
  organizationId: string
  role: Role
  used: number
  uses: number
  /** `revoked` by a user, or `dead` since the inviter lost the permission. */
  ended: 'revoked' | 'dead' | null
  expiresAt: Date
}

/** A scope as a condition on invitations `i`: a reader who sees the users of an organization sees its invitations. */
export function invitationScope(scope: Scope): Prisma.Sql {
  if (scope.kind === 'instance') return Prisma.sql`TRUE`
  return scope.kind === 'organization'
    ? Prisma.sql`i."organizationId" = ${scope.organizationId}::uuid`
    : Prisma.sql`FALSE`
}

/** Loads and locks one invitation within the scope. */
export async function lockInvitation(
  tx: Transaction,
  scope: Scope,
  invitationId: string,
): Promise<LockedInvitation | undefined> {
  const [row] = await tx.$queryRaw<LockedInvitation[]>`
    SELECT i."id", i."organizationId", i."role", i."used", i."uses", i."expiresAt",
      CASE WHEN i."revokedAt" IS NOT NULL THEN CASE WHEN i."revokedById" IS NULL THEN 'dead' ELSE 'revoked' END END AS "ended" FROM "invitation" i
    WHERE i."id" = ${invitationId}::uuid AND ${invitationScope(scope)} FOR NO KEY UPDATE OF i`
  return row
}

/**
 * Locks the workspaces of a locked invitation, and the memberships of `userId` in them. `assigned`: whether there is
 * one.
 */
export async function lockInvitedWorkspaces(
  tx: Transaction,
  invitationId: string,
  userId: string,
): Promise<InvitationTarget['workspaces']> {
  await tx.$queryRaw`SELECT 1 FROM "workspace" w JOIN "invitation_workspace" iw ON iw."workspaceId" = w."id" WHERE iw."invitationId" = ${invitationId}::uuid ORDER BY w."id" FOR SHARE OF w`
  const members = await tx.$queryRaw<{ workspaceId: string }[]>`
    SELECT m."workspaceId" FROM "member" m JOIN "invitation_workspace" iw ON iw."workspaceId" = m."workspaceId"
    WHERE iw."invitationId" = ${invitationId}::uuid AND m."userId" = ${userId}::uuid AND ${CURRENT_MEMBER} ORDER BY m."workspaceId" FOR SHARE OF m`
  const assigned = new Set(members.map((member) => member.workspaceId))
  const rows = await tx.$queryRaw<{ id: string; organizationId: string }[]>`
    SELECT iw."workspaceId" AS "id", iw."organizationId" FROM "invitation_workspace" iw WHERE iw."invitationId" = ${invitationId}::uuid`
  return rows.map(({ id, organizationId }) => ({ organizationId, assigned: assigned.has(id) }))
}

/** Sets a new token, expiry and inviter of a locked invitation. */
export async function renewInvitation(
  tx: Transaction,
  invitationId: string,
  renewal: { tokenHash: Buffer<ArrayBuffer>; expiresAt: Date; createdById: string },
): Promise<void> {
  await tx.invitation.update({
    where: { id: invitationId },
    data: { ...renewal, revokedAt: null },
    select: { id: true },
  })
}

/**
 * Ends the invitations of a locked user who lost the permission. They stay ended when the permission returns; another
 * user can resend them.
 */
export async function endInvitations(tx: Transaction, createdById: string): Promise<void> {
  await tx.$executeRaw`UPDATE "invitation" SET "revokedAt" = now(), "revokedById" = NULL WHERE "createdById" = ${createdById}::uuid AND "revokedAt" IS NULL`
}

/** Revokes a locked invitation. */
export async function revokeInvitation(tx: Transaction, invitationId: string, revokedById: string): Promise<void> {
  await tx.$executeRaw`UPDATE "invitation" SET "revokedAt" = now(), "revokedById" = ${revokedById}::uuid WHERE "id" = ${invitationId}::uuid`
}
