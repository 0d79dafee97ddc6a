import type { PrismaClient } from '../generated/client.ts'
import { CURRENT_MEMBER } from '../sql/conditions.ts'

/** The state behind the checklist after setup. */
export interface ChecklistState {
  instanceNamed: boolean
  users: number
  workspaces: number
  members: number
  defaultUserSees: { userId: string; username: string; workspaces: string[] } | null
}

/** Reads what has been done since setup. Counts stop at 1,000: the checklist only needs to know that there are any. */
export async function readChecklist(prisma: PrismaClient, organizationId: string): Promise<ChecklistState> {
  const [row] = await prisma.$queryRaw<ChecklistState[]>`
    SELECT (SELECT "namedAt" IS NOT NULL FROM "instance" WHERE "id" = 1) AS "instanceNamed",
      (SELECT count(*)::int FROM (SELECT 1 FROM "user" WHERE "status" <> 'deleted' LIMIT 1000) p) AS "users",
      (SELECT count(*)::int FROM (SELECT 1 FROM "workspace" LIMIT 1000) w) AS "workspaces",
      (SELECT count(*)::int FROM (SELECT 1 FROM "member" m WHERE ${CURRENT_MEMBER} LIMIT 1000) m) AS "members",
      (SELECT json_build_object('userId', u."id", 'username', u."username", 'workspaces', (
          SELECT json_agg(w."name" ORDER BY w."nameKey") FROM "member" m JOIN "workspace" w ON w."id" = m."workspaceId" WHERE m."userId" = u."id" AND ${CURRENT_MEMBER}))
        FROM "user" u WHERE u."organizationId" = ${organizationId}::uuid AND u."role" = 'default' AND u."status" = 'active' AND EXISTS (SELECT 1 FROM "member" m WHERE m."userId" = u."id" AND ${CURRENT_MEMBER})
        ORDER BY u."createdAt" LIMIT 1) AS "defaultUserSees"`
  if (!row) throw new Error('The instance has no row.')
  return row
}
