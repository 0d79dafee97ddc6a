import { Prisma } from './generated/client.ts'
import { endInvitations } from './invitation.ts'
import type { Transaction } from './transaction.ts'

/** What is a person's alone, and lets them in or knows them again: rows that go with them. */
const GO_ALONG = ['link', 'device_cookie', 'totp', 'passkey', 'recovery_code', 'challenge'] as const

/**
 * Empty people of everything personal, for good: their rows stay and keep their ids. `whose` is a condition on users `u`. Their sessions still say for a
 * while why they are over, but not where their owner was; ending them is the caller's, like everything that isn't theirs alone.
 */
export async function emptyUsers(tx: Transaction, whose: Prisma.Sql): Promise<void> {
  const ids = Prisma.sql`(SELECT u."id" FROM "user" u WHERE ${whose})`
  for (const table of GO_ALONG) await tx.$executeRaw`DELETE FROM ${Prisma.raw(`"${table}"`)} WHERE "userId" IN ${ids}`
  await tx.$executeRaw`UPDATE "session" SET "device" = NULL, "address" = NULL WHERE ("device" IS NOT NULL OR "address" IS NOT NULL) AND "userId" IN ${ids}`
  await tx.$executeRaw`
    UPDATE "user" u SET "status" = 'deleted', "username" = NULL, "displayName" = NULL, "displayNameKey" = '', "searchKey" = '', "about" = NULL, "dailyLimit" = NULL,
      "language" = NULL, "theme" = NULL, "timeFormat" = NULL, "passwordHash" = NULL, "passwordSetById" = NULL, "passwordChosenById" = NULL, "passwordChangeRequired" = FALSE,
      "secondFactor" = FALSE, "factorResetAt" = NULL, "factorResetById" = NULL
    WHERE u."status" <> 'deleted' AND ${whose}`
}

/** What deleting took away. */
export interface DeletedUser {
  memberships: number
  workspaceIds: string[]
}

/** Delete a locked user: memberships, credentials, open invitations and requests, and everything personal go. Sessions are ended by the caller. */
export async function deleteUserRow(tx: Transaction, userId: string): Promise<DeletedUser> {
  const members = await tx.$queryRaw<{ workspaceId: string }[]>`DELETE FROM "member" WHERE "userId" = ${userId}::uuid RETURNING "workspaceId"`
  await endInvitations(tx, userId)
  await tx.$executeRaw`DELETE FROM "member_request" WHERE "requestedById" = ${userId}::uuid AND "decidedAt" IS NULL`
  await emptyUsers(tx, Prisma.sql`u."id" = ${userId}::uuid`)
  return { memberships: members.length, workspaceIds: members.map((member) => member.workspaceId) }
}
