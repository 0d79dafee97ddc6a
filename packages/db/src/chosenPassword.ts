import { Prisma } from './generated/client.ts'

/** Who chose the password that user `u` has not replaced yet, asked to or not, and so knows it; null where it is the owner's own, or the operator's. */
export const PASSWORD_CHOSEN_BY = Prisma.sql`(
    SELECT json_build_object('name', CASE WHEN c."organizationId" = u."organizationId" THEN COALESCE(c."displayName", c."username") END, 'role', c."role",
      'organizationId', c."organizationId", 'active', c."status" = 'active')
    FROM "user" c WHERE c."id" = u."passwordChosenById") AS "passwordChosenBy"`
