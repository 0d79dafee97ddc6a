import { type Database, readSecurity } from '@roster/db'

interface Listed {
  username: string
  organization: string
  lastSeenAt: Date | null
  hindrance: string | null
}

/** Everybody with the role administrator, by name, a line each: where they belong, when they were last seen, and what keeps them out, if anything does. */
export async function listAdministrators({ prisma }: Database): Promise<string> {
  const rows = await prisma.$queryRaw<Listed[]>`
    SELECT u."username", o."name" AS "organization", u."lastSeenAt",
      CASE WHEN u."status" <> 'active' THEN 'suspended' WHEN o."status" <> 'active' THEN 'organization suspended' WHEN u."passwordHash" IS NULL THEN 'has no password' END AS "hindrance"
    FROM "user" u JOIN "organization" o ON o."id" = u."organizationId" WHERE u."role" = 'administrator' AND u."status" <> 'deleted' ORDER BY u."username"`
  if (rows.length === 0) return 'There is no administrator. Make one: npm run roster -- create-administrator NAME\n'
  const width = Math.max(...rows.map(({ username }) => username.length))
  const lines = rows.map(({ username, organization, lastSeenAt, hindrance }) => {
    const expected = lastSeenAt ? `last expected ${lastSeenAt.toISOString().slice(0, 16).replace('T', ' ')} UTC` : 'never signed in'
    return `${username.padEnd(width)}  ${hindrance ?? 'can sign in'}, ${expected}, in “${organization}”`
  })
  const { administratorNetworks } = await readSecurity(prisma)
  const where = administratorNetworks.length === 0 ? '' : `\nFrom ${administratorNetworks.join(', ')} alone; allow-any-network lifts that.\n`
  return `${lines.join('\n')}\n${where}`
}
