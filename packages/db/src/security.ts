import type { SecurityPolicies } from '@roster/domain'
import { Prisma } from './generated/client.ts'
import type { Transaction } from './transaction.ts'

type Reader = Pick<Transaction, '$queryRaw'>

/** The security policies as they are, and the count of their changes. */
export async function readSecurity(tx: Reader): Promise<SecurityPolicies & { version: number }> {
  const [row] = await tx.$queryRaw<(SecurityPolicies & { version: number })[]>`
    SELECT "passwordMin", "changeAtFirstSignIn", "sessionIdleSeconds", "sessionAbsoluteSeconds", "freeAttempts", "addressAttempts",
      "secondFactorRoles"::text[], "apiKeyRoles"::text[], "administratorNetworks"::text[], "managerNetworks"::text[], "defaultNetworks"::text[],
      "securityVersion" AS "version" FROM "instance" WHERE "id" = 1`
  if (!row) throw new Error('the instance has no row')
  return row
}

/** What is asked of new passwords. */
export interface PasswordRules {
  passwordMin: number
  changeAtFirstSignIn: boolean
}

/** The rules for new passwords as they are now. */
export async function passwordRules(tx: Pick<Transaction, 'instance'>): Promise<PasswordRules> {
  return tx.instance.findUniqueOrThrow({ where: { id: 1 }, select: { passwordMin: true, changeAtFirstSignIn: true } })
}

// Host bits are no part of a network: 10.1.2.3/8 is kept as 10.0.0.0/8.
function networks(list: readonly string[]): Prisma.Sql {
  return Prisma.sql`ARRAY(SELECT network(n::inet) FROM unnest(${list}::text[]) AS n)`
}

/** Write the policies over the instance's locked row; open sessions get no longer lives than they allow. */
export async function writeSecurity(tx: Transaction, to: SecurityPolicies): Promise<void> {
  await tx.$executeRaw`UPDATE "instance" SET "passwordMin" = ${to.passwordMin}, "changeAtFirstSignIn" = ${to.changeAtFirstSignIn},
    "sessionIdleSeconds" = ${to.sessionIdleSeconds}, "sessionAbsoluteSeconds" = ${to.sessionAbsoluteSeconds},
    "freeAttempts" = ${to.freeAttempts}, "addressAttempts" = ${to.addressAttempts},
    "secondFactorRoles" = ${to.secondFactorRoles}::"role"[], "apiKeyRoles" = ${to.apiKeyRoles}::"role"[],
    "administratorNetworks" = ${networks(to.administratorNetworks)}, "managerNetworks" = ${networks(to.managerNetworks)},
    "defaultNetworks" = ${networks(to.defaultNetworks)}, "securityVersion" = "securityVersion" + 1 WHERE "id" = 1`
  await tx.$executeRaw`UPDATE "session" SET
      "absoluteEndAt" = LEAST("absoluteEndAt", "createdAt" + make_interval(secs => ${to.sessionAbsoluteSeconds}::int)),
      "expiresAt" = LEAST("expiresAt", "lastSeenAt" + make_interval(secs => ${to.sessionIdleSeconds}::int), "createdAt" + make_interval(secs => ${to.sessionAbsoluteSeconds}::int))
    WHERE "endedAt" IS NULL AND "expiresAt" > now() AND ("absoluteEndAt" > "createdAt" + make_interval(secs => ${to.sessionAbsoluteSeconds}::int)
      OR "expiresAt" > LEAST("lastSeenAt" + make_interval(secs => ${to.sessionIdleSeconds}::int), "createdAt" + make_interval(secs => ${to.sessionAbsoluteSeconds}::int)))`
}

/** Let administrators come from anywhere, over the instance's locked row; gives the networks they were bound to. */
export async function openAdministratorNetworks(tx: Transaction): Promise<string[]> {
  const { administratorNetworks } = await readSecurity(tx)
  if (administratorNetworks.length > 0)
    await tx.$executeRaw`UPDATE "instance" SET "administratorNetworks" = '{}', "securityVersion" = "securityVersion" + 1 WHERE "id" = 1`
  return administratorNetworks
}
