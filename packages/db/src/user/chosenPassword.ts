import { Prisma } from '../generated/client.ts'

/** The user who chose, and so knows, the current password of user `u`; null when its owner or the operator chose it. */
export const PASSWORD_CHOSEN_BY = Prisma.sql`(
    SELECT json_build_object('name', CASE WHEN c."organizationId" = u."organizationId" THEN COALESCE(c."displayName", c."username") END, 'role', c."role",
      'organizationId', c."organizationId", 'active', c."status" = 'active')
    FROM "user" c WHERE c."id" = u."passwordChosenById") AS "passwordChosenBy"`
