import type { Transaction } from '../client/transaction.ts'
import { Prisma } from '../generated/client.ts'
import { endInvitations } from '../invitation/invitation.ts'
import { EXISTING_USER } from '../sql/conditions.ts'

/** Tables with a user's credentials and device cookies: their rows are deleted with the user. */
const CREDENTIAL_TABLES = ['link', 'device_cookie', 'totp', 'passkey', 'recovery_code', 'challenge'] as const

/**
 * Anonymizes users for good: their rows stay and keep their ids. `condition` is a condition on users `u`. Their
 * sessions keep the reason of their end, and lose device and address. The caller ends the sessions, and removes what is
 * shared with others.
 */
export async function anonymizeUsers(tx: Transaction, condition: Prisma.Sql): Promise<void> {
  const ids = Prisma.sql`(SELECT u."id" FROM "user" u WHERE ${condition})`
  for (const table of CREDENTIAL_TABLES)
    await tx.$executeRaw`DELETE FROM ${Prisma.raw(`"${table}"`)} WHERE "userId" IN ${ids}`
  await tx.$executeRaw`UPDATE "session" SET "device" = NULL, "address" = NULL WHERE ("device" IS NOT NULL OR "address" IS NOT NULL) AND "userId" IN ${ids}`
  await tx.$executeRaw`
    UPDATE "user" u SET "status" = 'deleted', "username" = NULL, "displayName" = NULL, "displayNameKey" = '', "searchKey" = '', "about" = NULL, "dailyLimit" = NULL,
      "language" = NULL, "theme" = NULL, "timeFormat" = NULL, "passwordHash" = NULL, "passwordSetById" = NULL, "passwordChosenById" = NULL, "passwordChangeRequired" = FALSE,
      "secondFactor" = FALSE, "factorResetAt" = NULL, "factorResetById" = NULL
    WHERE ${EXISTING_USER} AND ${condition}`
}

/** The memberships that a deletion removed. */
export interface DeletedUser {
  memberships: number
  workspaceIds: string[]
}

/**
 * Deletes a locked user: memberships, credentials, open invitations and requests, and all personal data. The caller
 * ends the sessions.
 */
export async function anonymizeUser(tx: Transaction, userId: string): Promise<DeletedUser> {
  const members = await tx.$queryRaw<
    { workspaceId: string }[]
  >`DELETE FROM "member" WHERE "userId" = ${userId}::uuid RETURNING "workspaceId"`
  await endInvitations(tx, userId)
  await tx.$executeRaw`DELETE FROM "member_request" WHERE "requestedById" = ${userId}::uuid AND "decidedAt" IS NULL`
  await anonymizeUsers(tx, Prisma.sql`u."id" = ${userId}::uuid`)
  return { memberships: members.length, workspaceIds: members.map((member) => member.workspaceId) }
}
