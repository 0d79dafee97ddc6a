import {
  type Count,
  decideInvitation,
  type InvitationRow,
  type InvitationState,
  type Paged,
  ROLES,
  type Visibility,
  visibleScope,
} from '@roster/domain'
import type pg from 'pg'
import { Prisma } from '../generated/client.ts'
import { CURRENT_MEMBER } from '../sql/conditions.ts'
import { countUpTo } from '../sql/count.ts'
import { type PageQuery, toPaged } from '../sql/page.ts'
import { userScope, workspaceScope } from '../sql/scope.ts'
import { toQuery } from '../user/userList.ts'
import { invitationScope } from './invitation.ts'

/** A filter on the invitations within the scope. */
export interface InvitationFilter {
  state?: InvitationState | undefined
  organizationId?: string | undefined
}

type Listed = Omit<InvitationRow, 'createdAt' | 'expiresAt' | 'workspaces'> & {
  createdAt: Date
  expiresAt: Date
  workspaces: InvitationRow['workspaces'] | null
}

// The policy's answers as SQL, for the filter of the list. A test proves that they match the decision on acceptance.
const organizationId = 'any'
const inviters = ROLES.map((role) => ({ id: '', role, organizationId, managerScope: 'organization' as const }))
const GRANTABLE = inviters.flatMap((inviter) =>
  ROLES.filter((role) => decideInvitation(inviter, { organizationId, role, workspaces: [] }).allowed).map(
    (role) => `${inviter.role}>${role}`,
  ),
)
const INSTANCE_WIDE_ROLES = inviters
  .filter((inviter) => visibleScope(inviter, 'user').kind === 'instance')
  .map(({ role }) => role)

/** Whether inviter `c` of organization `co` may still grant invitation `i` to organization `o`. */
const IS_GRANTABLE = Prisma.sql`(c."status" = 'active' AND co."status" = 'active' AND o."status" = 'active' AND (c."role"::text || '>' || i."role"::text) = ANY(${GRANTABLE}::text[])
  AND (c."role" = ANY(${INSTANCE_WIDE_ROLES}::"role"[]) OR (c."organizationId" = i."organizationId" AND (co."managerScope" = 'organization' OR NOT EXISTS (
    SELECT 1 FROM "invitation_workspace" iw WHERE iw."invitationId" = i."id"
      AND NOT EXISTS (SELECT 1 FROM "member" m WHERE m."workspaceId" = iw."workspaceId" AND m."userId" = c."id" AND ${CURRENT_MEMBER}))))))`
const STATE = Prisma.sql`CASE WHEN i."used" >= i."uses" THEN 'used' WHEN i."revokedById" IS NOT NULL THEN 'revoked' WHEN i."revokedAt" IS NOT NULL THEN 'dead' WHEN i."expiresAt" <= now() THEN 'expired'
  WHEN ${IS_GRANTABLE} THEN 'open' ELSE 'dead' END`

function matching(visibility: Visibility, { state, organizationId: ofOrganization }: InvitationFilter): Prisma.Sql {
  const conditions = [invitationScope(visibility.user)]
  if (ofOrganization !== undefined) conditions.push(Prisma.sql`i."organizationId" = ${ofOrganization}::uuid`)
  if (state !== undefined) conditions.push(Prisma.sql`${STATE} = ${state}`)
  return Prisma.sql`FROM "invitation" i JOIN "organization" o ON o."id" = i."organizationId"
    JOIN "user" c ON c."id" = i."createdById" JOIN "organization" co ON co."id" = c."organizationId" WHERE ${Prisma.join(conditions, ' AND ')}`
}

/** One page of the invitations within a scope, newest first: their ids are in order of creation. */
export async function listInvitations(
  pool: pg.Pool,
  visibility: Visibility,
  filter: InvitationFilter,
  page: PageQuery,
): Promise<Paged<InvitationRow>> {
  const cursorCondition = page.from
    ? Prisma.sql`AND i."id" ${page.backward ? Prisma.sql`>` : Prisma.sql`<`} ${page.from.id}::uuid`
    : Prisma.empty
  const workspaces = Prisma.sql`FROM "invitation_workspace" iw JOIN "workspace" w ON w."id" = iw."workspaceId" WHERE iw."invitationId" = i."id"`
  const workspaceVisible = workspaceScope(visibility.workspace)
  const statement = Prisma.sql`
    SELECT i."id", i."organizationId", i."role", i."note", i."uses", i."used", i."createdAt", i."expiresAt", ${STATE} AS "state",
      CASE WHEN ${userScope(visibility.user, Prisma.sql`c`)} THEN json_build_object('id', c."id", 'username', c."username", 'displayName', c."displayName") END AS "createdBy",
      (SELECT json_agg(json_build_object('id', w."id", 'name', w."name", 'archived', w."archivedAt" IS NOT NULL) ORDER BY w."nameKey") ${workspaces} AND ${workspaceVisible}) AS "workspaces",
      EXISTS (SELECT 1 ${workspaces} AND NOT (${workspaceVisible})) AS "beyondReach"
    ${matching(visibility, filter)} ${cursorCondition} ORDER BY i."id" ${page.backward ? Prisma.sql`ASC` : Prisma.sql`DESC`} LIMIT ${page.size + 1}`
  const { rows } = await pool.query<Listed>(toQuery(statement, true))
  return toPaged(rows, page, ({ id }) => ({ value: '', id }), toRow)
}

/** The number of matching invitations: exact up to 10,000. */
export function countInvitations(pool: pg.Pool, visibility: Visibility, filter: InvitationFilter): Promise<Count> {
  return countUpTo(pool, matching(visibility, filter), true)
}

function toRow({ createdAt, expiresAt, workspaces, ...row }: Listed): InvitationRow {
  return {
    ...row,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    workspaces: workspaces ?? [],
  }
}
