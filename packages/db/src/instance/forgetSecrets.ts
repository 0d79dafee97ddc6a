import type { Transaction } from '../client/transaction.ts'
import { OPERATOR_USER_ID } from '../user/credential.ts'

/** A user who lost their authenticator app. `secondFactor`: whether a passkey is left. */
export interface UserWithoutTotp {
  id: string
  organizationId: string
  username: string
  secondFactor: boolean
}

/** The number of users with an encrypted secret. */
export async function countEncryptedSecrets(tx: Pick<Transaction, '$queryRaw'>): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS "count" FROM "totp"`
  return row?.count ?? 0
}

/**
 * Deletes all encrypted secrets and the key check, so that another key can be used. Returns the users who lost their
 * authenticator.
 */
export async function forgetSecrets(tx: Transaction): Promise<UserWithoutTotp[]> {
  const users = await tx.$queryRaw<UserWithoutTotp[]>`
    WITH deleted AS (DELETE FROM "totp" RETURNING "userId")
    UPDATE "user" u SET "secondFactor" = EXISTS (SELECT 1 FROM "passkey" p WHERE p."userId" = u."id"), "factorResetAt" = now(), "factorResetById" = ${OPERATOR_USER_ID}::uuid
    FROM deleted WHERE u."id" = deleted."userId"
    RETURNING u."id", u."organizationId", u."username", u."secondFactor"`
  await tx.$executeRaw`DELETE FROM "recovery_code" r USING "user" u WHERE u."id" = r."userId" AND NOT u."secondFactor"`
  await tx.$executeRaw`UPDATE "instance" SET "secretCheck" = NULL WHERE "id" = 1`
  return users
}
