import { OPERATOR_ID } from './credential.ts'
import type { Transaction } from './transaction.ts'

/** Somebody whose authenticator app was taken away, and whether a passkey is left to them. */
export interface Forgotten {
  id: string
  organizationId: string
  username: string
  secondFactor: boolean
}

/** Whether anything is sealed, and by how many people. */
export async function countSealed(tx: Pick<Transaction, '$queryRaw'>): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS "count" FROM "totp"`
  return row?.count ?? 0
}

/** Take away everything that is sealed with a key, and the known text under it, so that another key can begin. Gives whose authenticators went. */
export async function forgetSecrets(tx: Transaction): Promise<Forgotten[]> {
  const forgotten = await tx.$queryRaw<Forgotten[]>`
    WITH gone AS (DELETE FROM "totp" RETURNING "userId")
    UPDATE "user" u SET "secondFactor" = EXISTS (SELECT 1 FROM "passkey" p WHERE p."userId" = u."id"), "factorResetAt" = now(), "factorResetById" = ${OPERATOR_ID}::uuid
    FROM gone WHERE u."id" = gone."userId"
    RETURNING u."id", u."organizationId", u."username", u."secondFactor"`
  await tx.$executeRaw`DELETE FROM "recovery_code" r USING "user" u WHERE u."id" = r."userId" AND NOT u."secondFactor"`
  await tx.$executeRaw`UPDATE "instance" SET "secretCheck" = NULL WHERE "id" = 1`
  return forgotten
}
