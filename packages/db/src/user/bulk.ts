import type { PasswordChooser, Role, Scope, SelectedUsers, UserFilter, Visibility } from '@roster/domain'
import type { Transaction } from '../client/transaction.ts'
import { Prisma } from '../generated/client.ts'
import { type LockedWorkspace, workspaceColumns } from '../lock/lock.ts'
import { CURRENT_MEMBER, EXISTING_USER, OPEN_SESSION } from '../sql/conditions.ts'
import { lockAssignment, userScope, workspaceScope } from '../sql/scope.ts'
import { isInSelection } from '../sql/selection.ts'
import { PASSWORD_CHOSEN_BY } from './chosenPassword.ts'
import { userFilterCondition } from './userList.ts'

/** A user as a bulk call decides about them. `memberOf`: the ids of the given workspaces they are in, sorted. */
export interface BulkRow {
  id: string
  organizationId: string
  username: string
  role: Role
  status: 'active' | 'suspended'
  statusVersion: number
  dailyLimit: number | null
  version: number
  passwordChosenBy: PasswordChooser | null
  openSessions: number
  memberOf: string[]
}

type Reader = Pick<Transaction, '$queryRaw'>

function columns(workspaceIds: readonly string[]): Prisma.Sql {
  return Prisma.sql`u."id", u."organizationId", u."username", u."role", u."status", u."statusVersion", u."dailyLimit", u."version", ${PASSWORD_CHOSEN_BY},
    (SELECT count(*)::int FROM "session" s WHERE s."userId" = u."id" AND ${OPEN_SESSION}) AS "openSessions",
    ARRAY(SELECT m."workspaceId"::text FROM "member" m WHERE m."userId" = u."id" AND m."workspaceId" = ANY(${workspaceIds}::uuid[]) AND ${CURRENT_MEMBER} ORDER BY 1) AS "memberOf"`
}

/** The selected users within the visibility, ordered by id; `limit` at most. */
export async function findBulkRows(
  tx: Reader,
  visibility: Visibility,
  selected: SelectedUsers<UserFilter>,
  workspaceIds: readonly string[],
  limit: number,
): Promise<BulkRow[]> {
  const isSelected = isInSelection(selected, (filter) => userFilterCondition(visibility, filter))
  return tx.$queryRaw<BulkRow[]>`
    SELECT ${columns(workspaceIds)} FROM "user" u WHERE ${EXISTING_USER} AND ${userScope(visibility.user)} AND ${isSelected} ORDER BY u."id" LIMIT ${limit}`
}

/** The given workspaces that are within the scope, ordered by id. */
export async function findWorkspaces(
  tx: Reader,
  actorId: string,
  scope: Scope,
  ids: readonly string[],
): Promise<LockedWorkspace[]> {
  return tx.$queryRaw<LockedWorkspace[]>`
    SELECT ${workspaceColumns(actorId)}
    FROM "workspace" w WHERE w."id" = ANY(${ids}::uuid[]) AND ${workspaceScope(scope)} ORDER BY w."id"`
}

/** As `findWorkspaces`, locked against archiving and deleting until the transaction ends. */
export async function lockWorkspaces(
  tx: Reader,
  actorId: string,
  scope: Scope,
  ids: readonly string[],
): Promise<LockedWorkspace[]> {
  const assignment = lockAssignment(scope)
  return tx.$queryRaw<LockedWorkspace[]>`
    SELECT ${workspaceColumns(actorId)}
    FROM "workspace" w ${assignment.join} WHERE w."id" = ANY(${ids}::uuid[]) AND ${workspaceScope(scope)} ORDER BY w."id" FOR SHARE OF w ${assignment.lock}`
}
