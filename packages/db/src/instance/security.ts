import type { SecurityPolicies } from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'
import { Prisma } from '../generated/client.ts'

type Reader = Pick<Transaction, '$queryRaw'>

/** The current security policies, and the number of their changes. */
export async function readSecurity(tx: Reader): Promise<SecurityPolicies & { version: number }> {
  const [row] = await tx.$queryRaw<(SecurityPolicies & { version: number })[]>`
    SELECT "passwordMin", "changeAtFirstSignIn", "sessionIdleSeconds", "sessionAbsoluteSeconds", "freeAttempts", "addressAttempts",
      "secondFactorRoles"::text[], "apiKeyRoles"::text[], "administratorNetworks"::text[], "managerNetworks"::text[], "defaultNetworks"::text[],
      "securityVersion" AS "version" FROM "instance" WHERE "id" = 1`
  if (!row) throw new Error('The instance has no row.')
  return row
}

/** The rules for new passwords. */
export interface PasswordRules {
  passwordMin: number
  changeAtFirstSignIn: boolean
}

/** The current rules for new passwords. */
export async function passwordRules(tx: Pick<Transaction, 'instance'>): Promise<PasswordRules> {
  return tx.instance.findUniqueOrThrow({ where: { id: 1 }, select: { passwordMin: true, changeAtFirstSignIn: true } })
}

// Drops host bits: 10.1.2.3/8 is stored as 10.0.0.0/8.
function networks(list: readonly string[]): Prisma.Sql {
  return Prisma.sql`ARRAY(SELECT network(n::inet) FROM unnest(${list}::text[]) AS n)`
}

/** Updates the security policies on the instance's locked row, and shortens open sessions to the new lifetimes. */
export async function writeSecurity(tx: Transaction, policies: SecurityPolicies): Promise<void> {
  await tx.$executeRaw`UPDATE "instance" SET "passwordMin" = ${policies.passwordMin}, "changeAtFirstSignIn" = ${policies.changeAtFirstSignIn},
    "sessionIdleSeconds" = ${policies.sessionIdleSeconds}, "sessionAbsoluteSeconds" = ${policies.sessionAbsoluteSeconds},
    "freeAttempts" = ${policies.freeAttempts}, "addressAttempts" = ${policies.addressAttempts},
    "secondFactorRoles" = ${policies.secondFactorRoles}::"role"[], "apiKeyRoles" = ${policies.apiKeyRoles}::"role"[],
    "administratorNetworks" = ${networks(policies.administratorNetworks)}, "managerNetworks" = ${networks(policies.managerNetworks)},
    "defaultNetworks" = ${networks(policies.defaultNetworks)}, "securityVersion" = "securityVersion" + 1 WHERE "id" = 1`
  await tx.$executeRaw`UPDATE "session" SET
      "absoluteEndAt" = LEAST("absoluteEndAt", "createdAt" + make_interval(secs => ${policies.sessionAbsoluteSeconds}::int)),
      "expiresAt" = LEAST("expiresAt", "lastSeenAt" + make_interval(secs => ${policies.sessionIdleSeconds}::int), "createdAt" + make_interval(secs => ${policies.sessionAbsoluteSeconds}::int))
    WHERE "endedAt" IS NULL AND "expiresAt" > now() AND ("absoluteEndAt" > "createdAt" + make_interval(secs => ${policies.sessionAbsoluteSeconds}::int)
      OR "expiresAt" > LEAST("lastSeenAt" + make_interval(secs => ${policies.sessionIdleSeconds}::int), "createdAt" + make_interval(secs => ${policies.sessionAbsoluteSeconds}::int)))`
}

/** Removes the network restriction of administrators, on the instance's locked row; returns the former networks. */
export async function clearAdministratorNetworks(tx: Transaction): Promise<string[]> {
  const { administratorNetworks } = await readSecurity(tx)
  if (administratorNetworks.length > 0)
    await tx.$executeRaw`UPDATE "instance" SET "administratorNetworks" = '{}', "securityVersion" = "securityVersion" + 1 WHERE "id" = 1`
  return administratorNetworks
}
