import { type Database, readSecurity } from '@roster/db'

interface AdministratorRow {
  username: string
  organization: string
  lastSeenAt: Date | null
  obstacle: string | null
}

/**
 * One line for each administrator, by username: whether they can sign in, when they were last seen, and their
 * organization.
 */
export async function listAdministrators({ prisma }: Database): Promise<string> {
  const rows = await prisma.$queryRaw<AdministratorRow[]>`
    SELECT u."username", o."name" AS "organization", u."lastSeenAt",
      CASE WHEN u."status" <> 'active' THEN 'suspended' WHEN o."status" <> 'active' THEN 'organization suspended' WHEN u."passwordHash" IS NULL THEN 'no password' END AS "obstacle"
    FROM "user" u JOIN "organization" o ON o."id" = u."organizationId" WHERE u."role" = 'administrator' AND u."status" <> 'deleted' ORDER BY u."username"`
  if (rows.length === 0)
    return 'There is no administrator. Create one with: npm run roster -- create-administrator USERNAME\n'
  const width = Math.max(...rows.map(({ username }) => username.length))
  const lines = rows.map(({ username, organization, lastSeenAt, obstacle }) => {
    const lastSeen = lastSeenAt
      ? `last seen ${lastSeenAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`
      : 'never signed in'
    return `${username.padEnd(width)}  ${obstacle ?? 'can sign in'}, ${lastSeen}, in “${organization}”`
  })
  const { administratorNetworks } = await readSecurity(prisma)
  const networks =
    administratorNetworks.length === 0
      ? ''
      : `\nAdministrators can sign in only from ${administratorNetworks.join(', ')}. allow-any-network lifts this restriction.\n`
  return `${lines.join('\n')}\n${networks}`
}
