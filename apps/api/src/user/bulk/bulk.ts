import { type BulkRow, findBulkRows, findWorkspaces, type LockedWorkspace, type Transaction } from '@roster/db'
import {
  type Actor,
  BULK_MAX,
  type bulkAction,
  decide,
  decideGrant,
  fieldIssue,
  passwordChooserRefusal,
  type Refusal,
  type Role,
  refuse,
  refuseConflict,
  type SelectedUsers,
  type UserAction,
  type UserFilter,
  visibilityOf,
  visibleScope,
} from '@roster/domain'
import type * as z from 'zod'
import { previewToken } from '../../call/previewToken.ts'

export type Action = z.output<typeof bulkAction>
export type BulkSelection = SelectedUsers<UserFilter>

/**
 * The policy action of each bulk action, decided for every row. Null: the policy decides about the workspaces instead.
 */
export const BULK_POLICY_ACTION = {
  suspend: 'user.suspend',
  reactivate: 'user.reactivate',
  setRole: 'user.setRole',
  setLimit: 'user.setLimit',
  signOut: 'user.signOut',
  delete: 'user.delete',
  addToWorkspaces: null,
  removeFromWorkspaces: null,
} as const satisfies Record<Action['kind'], UserAction | null>

/** The planned outcome of one row: a change, nothing, or a refusal with its reason. */
export type Plan = { outcome: 'change' | 'nothing'; refusal: null } | { outcome: 'refused'; refusal: Refusal }

/**
 * Finds a bulk action's workspaces within the actor's visibility; empty for other actions.
 * @throws UNKNOWN_IDS,
 * WORKSPACE_ARCHIVED when adding
 */
export async function bulkWorkspaces(
  tx: Pick<Transaction, '$queryRaw'>,
  actor: Actor,
  action: Action,
): Promise<LockedWorkspace[]> {
  if (!('workspaceIds' in action)) return []
  const ids = [...new Set(action.workspaceIds)]
  const found = await findWorkspaces(tx, actor.id, visibleScope(actor, 'workspace'), ids)
  const known = new Set(found.map((workspace) => workspace.id))
  const unknown = ids.filter((id) => !known.has(id))
  if (unknown.length > 0) throw refuse('UNKNOWN_IDS', { what: 'workspace', ids: unknown })
  const archived =
    action.kind === 'addToWorkspaces' ? found.find((workspace) => workspace.archivedAt !== null) : undefined
  if (archived) throw refuse('WORKSPACE_ARCHIVED', { name: archived.name })
  return found
}

/** The users that a selection contains now, by id, within the actor's visibility. @throws BAD_INPUT above 10,000 */
export async function selectBulkRows(
  tx: Pick<Transaction, '$queryRaw'>,
  actor: Actor,
  selected: BulkSelection,
  action: Action,
): Promise<BulkRow[]> {
  const workspaceIds = 'workspaceIds' in action ? action.workspaceIds : []
  const rows = await findBulkRows(tx, visibilityOf(actor), selected, workspaceIds, BULK_MAX + 1)
  if (rows.length > BULK_MAX)
    throw refuse('BAD_INPUT', { issues: [fieldIssue(['selection'], 'TOO_MANY', { max: BULK_MAX })] })
  return rows
}

/** Requires that every selected id was found. @throws UNKNOWN_IDS with the ids that are missing or not visible */
export function requireAllFound(selected: BulkSelection, rows: readonly BulkRow[]): void {
  const known = new Set(rows.map((row) => row.id))
  const unknown = selected.ids.filter((id) => !known.has(id))
  if (unknown.length > 0) throw refuse('UNKNOWN_IDS', { what: 'user', ids: unknown })
}

/** Plans one row: the preview and, on the locked row, the apply decide alike. The actor's own row is always refused. */
export function planRow(actor: Actor, action: Action, row: BulkRow, workspaces: readonly LockedWorkspace[]): Plan {
  const refused = (refusal: Refusal): Plan => ({ outcome: 'refused', refusal })
  const asks = BULK_POLICY_ACTION[action.kind]
  if (row.id === actor.id)
    return refused({
      code: 'TARGET_NOT_ALLOWED',
      details: { action: asks ?? 'member.update', role: actor.role, relation: 'self' },
    })
  if (asks) {
    const decision = decide(actor, asks, row)
    if (!decision.allowed) return refused(decision.refusal)
  }
  for (const workspace of workspaces) {
    const decision = decide(actor, 'member.update', workspace)
    if (!decision.allowed) return refused(decision.refusal)
    if (workspace.organizationId !== row.organizationId)
      return refused({ code: 'NOT_FOUND', details: { what: 'workspace' } })
  }
  return planChange(action, row, actor)
}

function planChange(action: Action, row: BulkRow, actor: Actor): Plan {
  const plan = (change: boolean): Plan => ({ outcome: change ? 'change' : 'nothing', refusal: null })
  const conflict = (field: 'role' | 'dailyLimit' | 'status', now: string | number | null): Plan => ({
    outcome: 'refused',
    refusal: refuseConflict(field, now).refusal,
  })
  switch (action.kind) {
    case 'suspend':
    case 'reactivate':
      if (action.expectedVersion !== undefined && action.expectedVersion !== row.statusVersion)
        return conflict('status', row.status)
      return plan(row.status === (action.kind === 'suspend' ? 'active' : 'suspended'))
    case 'setRole': {
      const grant = decideGrant(actor, action.role)
      if (!grant.allowed) return { outcome: 'refused', refusal: grant.refusal }
      return action.expected !== undefined && action.expected !== row.role
        ? conflict('role', row.role)
        : planRole(row, action.role, plan)
    }
    case 'setLimit':
      if (action.expected !== undefined && action.expected !== row.dailyLimit)
        return conflict('dailyLimit', row.dailyLimit)
      if (row.role === 'administrator' && action.dailyLimit !== null)
        return { outcome: 'refused', refusal: { code: 'LIMIT_NOT_FOR_ADMINISTRATOR', details: {} } }
      return plan(row.dailyLimit !== action.dailyLimit)
    case 'addToWorkspaces':
      return plan(!isPast(action.expiresAt) && action.workspaceIds.some((id) => !row.memberOf.includes(id)))
    case 'removeFromWorkspaces':
      return plan(action.workspaceIds.some((id) => row.memberOf.includes(id)))
    case 'signOut':
      return plan(row.openSessions > 0)
    case 'delete':
      return plan(true)
  }
}

function planRole(row: BulkRow, role: Role, plan: (change: boolean) => Plan): Plan {
  const known = passwordChooserRefusal(row, { role, organizationId: row.organizationId })
  return known ? { outcome: 'refused', refusal: known } : plan(row.role !== role)
}

/** Whether a new membership with this expiry would already be expired. */
function isPast(expiresAt: string | undefined): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= Date.now()
}

/** The token of a preview: over the actor, the action and each row's state. */
export function bulkToken(hmacKey: Buffer, actor: Actor, action: Action, rows: readonly BulkRow[]): string {
  // Open sessions are left out, because they change often and no administrator decides by them.
  const states = rows.map((row) => [
    row.id,
    row.version,
    row.role,
    row.statusVersion,
    row.dailyLimit,
    row.organizationId,
    row.passwordChosenBy,
    row.memberOf,
  ])
  return previewToken(hmacKey, ['bulk', actor.id, action], states)
}
