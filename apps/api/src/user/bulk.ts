import { createHmac } from 'node:crypto'
import { type BulkRow, findBulkRowsByFilter, findBulkRowsByIds, findWorkspaces, type LockedWorkspace, type Transaction } from '@roster/db'
import {
  type Actor,
  BULK_MAX,
  type bulkAction,
  decide,
  decideGrant,
  fieldIssue,
  type Refusal,
  type Role,
  refusalOfChosen,
  refuse,
  refuseConflict,
  type selection,
  type UserAction,
  visibilityOf,
  visibleScope,
} from '@roster/domain'
import type * as z from 'zod'

export type Action = z.output<typeof bulkAction>
export type Chosen = z.output<typeof selection>

/** The policy row each bulk action asks for every one of its rows; workspaces are asked for instead where there is none. */
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

/** What a bulk call would do to one row: change it, leave it as it is, or not, and why. */
export type Plan = { outcome: 'change' | 'nothing'; refusal: null } | { outcome: 'refused'; refusal: Refusal }

/** The workspaces a bulk action names, found within the actor's scope; empty for the others. @throws UNKNOWN_IDS, WORKSPACE_ARCHIVED when adding */
export async function bulkWorkspaces(tx: Pick<Transaction, '$queryRaw'>, actor: Actor, action: Action): Promise<LockedWorkspace[]> {
  if (!('workspaceIds' in action)) return []
  const ids = [...new Set(action.workspaceIds)]
  const found = await findWorkspaces(tx, actor.id, visibleScope(actor, 'workspace'), ids)
  const known = new Set(found.map((workspace) => workspace.id))
  const unknown = ids.filter((id) => !known.has(id))
  if (unknown.length > 0) throw refuse('UNKNOWN_IDS', { what: 'workspace', ids: unknown })
  const archived = action.kind === 'addToWorkspaces' ? found.find((workspace) => workspace.archivedAt !== null) : undefined
  if (archived) throw refuse('WORKSPACE_ARCHIVED', { name: archived.name })
  return found
}

/** The users a selection means now, by id: those within the actor's scope. @throws BAD_INPUT beyond 10,000 */
export async function selectBulkRows(tx: Pick<Transaction, '$queryRaw'>, actor: Actor, chosen: Chosen, action: Action): Promise<BulkRow[]> {
  const workspaceIds = 'workspaceIds' in action ? action.workspaceIds : []
  if (chosen.kind === 'ids') return findBulkRowsByIds(tx, visibleScope(actor, 'user'), chosen.ids, workspaceIds)
  const rows = await findBulkRowsByFilter(tx, visibilityOf(actor), chosen.filter, chosen.except, workspaceIds, BULK_MAX + 1)
  if (rows.length > BULK_MAX) throw refuse('BAD_INPUT', { issues: [fieldIssue(['selection'], 'TOO_MANY', { max: BULK_MAX })] })
  return rows
}

/** Each chosen id has to be somebody. @throws UNKNOWN_IDS naming those that can't be seen */
export function requireAllFound(chosen: Chosen, rows: readonly BulkRow[]): void {
  if (chosen.kind !== 'ids') return
  const known = new Set(rows.map((row) => row.id))
  const unknown = chosen.ids.filter((id) => !known.has(id))
  if (unknown.length > 0) throw refuse('UNKNOWN_IDS', { what: 'user', ids: unknown })
}

/** What would happen to one row: the same question in the preview and, on the locked row, in the apply. One's own row is always refused. */
export function planRow(actor: Actor, action: Action, row: BulkRow, workspaces: readonly LockedWorkspace[]): Plan {
  const refused = (refusal: Refusal): Plan => ({ outcome: 'refused', refusal })
  const asks = BULK_POLICY_ACTION[action.kind]
  if (row.id === actor.id) return refused({ code: 'TARGET_NOT_ALLOWED', details: { action: asks ?? 'member.update', role: actor.role, relation: 'self' } })
  if (asks) {
    const decision = decide(actor, asks, row)
    if (!decision.allowed) return refused(decision.refusal)
  }
  for (const workspace of workspaces) {
    const decision = decide(actor, 'member.update', workspace)
    if (!decision.allowed) return refused(decision.refusal)
    if (workspace.organizationId !== row.organizationId) return refused({ code: 'NOT_FOUND', details: { what: 'workspace' } })
  }
  return changes(action, row, actor)
}

function changes(action: Action, row: BulkRow, actor: Actor): Plan {
  const plan = (change: boolean): Plan => ({ outcome: change ? 'change' : 'nothing', refusal: null })
  const since = (field: 'role' | 'dailyLimit' | 'status', now: string | number | null): Plan => ({
    outcome: 'refused',
    refusal: refuseConflict(field, now).refusal,
  })
  switch (action.kind) {
    case 'suspend':
    case 'reactivate':
      if (action.expectedVersion !== undefined && action.expectedVersion !== row.statusVersion) return since('status', row.status)
      return plan(row.status === (action.kind === 'suspend' ? 'active' : 'suspended'))
    case 'setRole': {
      const grant = decideGrant(actor, action.role)
      if (!grant.allowed) return { outcome: 'refused', refusal: grant.refusal }
      return action.expected !== undefined && action.expected !== row.role ? since('role', row.role) : raising(row, action.role, plan)
    }
    case 'setLimit':
      if (action.expected !== undefined && action.expected !== row.dailyLimit) return since('dailyLimit', row.dailyLimit)
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

function raising(row: BulkRow, role: Role, plan: (change: boolean) => Plan): Plan {
  const known = refusalOfChosen(row, { role, organizationId: row.organizationId })
  return known ? { outcome: 'refused', refusal: known } : plan(row.role !== role)
}

/** Whether a membership with this end would be over as it begins. */
function isPast(expiresAt: string | undefined): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= Date.now()
}

/** Binds a preview to its apply: whoever it is, what is done, and each row as it was. Differs when the selection or anybody in it changed. */
export function bulkToken(hmacKey: Buffer, actor: Actor, action: Action, rows: readonly BulkRow[]): string {
  const hmac = createHmac('sha256', hmacKey).update(JSON.stringify(['bulk', actor.id, action]))
  // Whether somebody has a session open isn't something a person decides by.
  for (const row of rows)
    hmac.update(JSON.stringify([row.id, row.version, row.role, row.statusVersion, row.dailyLimit, row.organizationId, row.passwordChosenBy, row.memberOf]))
  return hmac.digest('base64url')
}
