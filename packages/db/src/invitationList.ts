import { type Count, decideInvitation, type InvitationRow, type InvitationState, type Paged, ROLES, type Visibility, visibleScope } from '@roster/domain'
import type pg from 'pg'
import { countUpTo } from './count.ts'
import { Prisma } from './generated/client.ts'
import { invitationScope } from './invitation.ts'
import { MEMBER_NOW } from './member.ts'
import { type Reading, toPaged } from './page.ts'
import { userScope, workspaceScope } from './scope.ts'
import { named } from './userList.ts'

/** Which invitations of those within the scope. */
export interface InvitationFilter {
  state?: InvitationState | undefined
  organizationId?: string | undefined
}

type Listed = Omit<InvitationRow, 'createdAt' | 'expiresAt' | 'workspaces'> & {
  createdAt: Date
  expiresAt: Date
  workspaces: InvitationRow['workspaces'] | null
}

// The policy's answers, for the list's filter to go by; that it shows what acceptance decides is proved by a test.
const organizationId = 'any'
const someone = ROLES.map((role) => ({ id: '', role, organizationId, managerScope: 'organization' as const }))
const GIVEN = someone.flatMap((giver) =>
  ROLES.filter((role) => decideInvitation(giver, { organizationId, role, workspaces: [] }).allowed).map((role) => `${giver.role}>${role}`),
)
const EVERYWHERE = someone.filter((giver) => visibleScope(giver, 'user').kind === 'instance').map(({ role }) => role)

/** Whether inviter `c`, of organization `co`, could give invitation `i` into organization `o` now. */
const STANDS = Prisma.sql`(c."status" = 'active' AND co."status" = 'active' AND o."status" = 'active' AND (c."role"::text || '>' || i."role"::text) = ANY(${GIVEN}::text[])
  AND (c."role" = ANY(${EVERYWHERE}::"role"[]) OR (c."organizationId" = i."organizationId" AND (co."managerScope" = 'organization' OR NOT EXISTS (
    SELECT 1 FROM "invitation_workspace" iw WHERE iw."invitationId" = i."id"
      AND NOT EXISTS (SELECT 1 FROM "member" m WHERE m."workspaceId" = iw."workspaceId" AND m."userId" = c."id" AND ${MEMBER_NOW}))))))`
const STATE = Prisma.sql`CASE WHEN i."used" >= i."uses" THEN 'used' WHEN i."revokedById" IS NOT NULL THEN 'revoked' WHEN i."revokedAt" IS NOT NULL THEN 'dead' WHEN i."expiresAt" <= now() THEN 'expired'
  WHEN ${STANDS} THEN 'open' ELSE 'dead' END`

function matching(visibilityOf: Visibility, { state, organizationId: of }: InvitationFilter): Prisma.Sql {
  const conditions = [invitationScope(visibilityOf.user)]
  if (of !== undefined) conditions.push(Prisma.sql`i."organizationId" = ${of}::uuid`)
  if (state !== undefined) conditions.push(Prisma.sql`${STATE} = ${state}`)
  return Prisma.sql`FROM "invitation" i JOIN "organization" o ON o."id" = i."organizationId"
    JOIN "user" c ON c."id" = i."createdById" JOIN "organization" co ON co."id" = c."organizationId" WHERE ${Prisma.join(conditions, ' AND ')}`
}

/** One page of the invitations within a scope, newest first; their ids are in the order of their making. */
export async function listInvitations(pool: pg.Pool, visibilityOf: Visibility, filter: InvitationFilter, how: Reading): Promise<Paged<InvitationRow>> {
  const beyond = how.from ? Prisma.sql`AND i."id" ${how.backward ? Prisma.sql`>` : Prisma.sql`<`} ${how.from.id}::uuid` : Prisma.empty
  const workspaces = Prisma.sql`FROM "invitation_workspace" iw JOIN "workspace" w ON w."id" = iw."workspaceId" WHERE iw."invitationId" = i."id"`
  const inVisibility = workspaceScope(visibilityOf.workspace)
  const statement = Prisma.sql`
    SELECT i."id", i."organizationId", i."role", i."note", i."uses", i."used", i."createdAt", i."expiresAt", ${STATE} AS "state",
      CASE WHEN ${userScope(visibilityOf.user, Prisma.sql`c`)} THEN json_build_object('id', c."id", 'username', c."username", 'displayName', c."displayName") END AS "createdBy",
      (SELECT json_agg(json_build_object('id', w."id", 'name', w."name", 'archived', w."archivedAt" IS NOT NULL) ORDER BY w."nameKey") ${workspaces} AND ${inVisibility}) AS "workspaces",
      EXISTS (SELECT 1 ${workspaces} AND NOT (${inVisibility})) AS "beyondReach"
    ${matching(visibilityOf, filter)} ${beyond} ORDER BY i."id" ${how.backward ? Prisma.sql`ASC` : Prisma.sql`DESC`} LIMIT ${how.size + 1}`
  const { rows } = await pool.query<Listed>(named(statement, true))
  return toPaged(rows, how, ({ id }) => ({ value: '', id }), toRow)
}

/** How many invitations match: exact to 10,000. */
export function countInvitations(pool: pg.Pool, visibilityOf: Visibility, filter: InvitationFilter): Promise<Count> {
  return countUpTo(pool, matching(visibilityOf, filter), true)
}

function toRow({ createdAt, expiresAt, workspaces, ...row }: Listed): InvitationRow {
  return { ...row, createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString(), workspaces: workspaces ?? [] }
}
