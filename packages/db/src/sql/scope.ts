import type { Scope } from '@roster/domain'
import { Prisma } from '../generated/client.ts'
import { CURRENT_MEMBER } from './conditions.ts'

/** A scope as a condition on users `alias`, for the WHERE of every statement that loads or lists users. */
export function userScope(scope: Scope, alias: Prisma.Sql = Prisma.sql`u`): Prisma.Sql {
  switch (scope.kind) {
    case 'instance':
      return Prisma.sql`TRUE`
    case 'organization':
      return Prisma.sql`${alias}."organizationId" = ${scope.organizationId}::uuid`
    case 'self':
      return Prisma.sql`${alias}."id" = ${scope.userId}::uuid`
    case 'assigned':
      return Prisma.sql`FALSE`
  }
}

/** A scope as a condition on workspaces `w`. An expired membership does not count. */
export function workspaceScope(scope: Scope): Prisma.Sql {
  switch (scope.kind) {
    case 'instance':
      return Prisma.sql`TRUE`
    case 'organization':
      return Prisma.sql`w."organizationId" = ${scope.organizationId}::uuid`
    case 'assigned':
      return Prisma.sql`w."organizationId" = ${scope.organizationId}::uuid AND ${isMember(scope.userId)}`
    case 'self':
      return Prisma.sql`FALSE`
  }
}

/**
 * For a scope of assigned workspaces, locks the actor's membership with workspace `w`, joined as `a`. An actor who is
 * being removed acts before the removal, or not at all.
 */
export function lockAssignment(scope: Scope): { join: Prisma.Sql; lock: Prisma.Sql } {
  if (scope.kind !== 'assigned') return { join: Prisma.empty, lock: Prisma.empty }
  return {
    join: Prisma.sql`JOIN "member" a ON a."workspaceId" = w."id" AND a."userId" = ${scope.userId}::uuid`,
    lock: Prisma.sql`FOR SHARE OF a`,
  }
}

/** Whether `userId` is a current member of workspace `w`. */
export function isMember(userId: string): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT 1 FROM "member" m WHERE m."workspaceId" = w."id" AND m."userId" = ${userId}::uuid AND ${CURRENT_MEMBER})`
}
