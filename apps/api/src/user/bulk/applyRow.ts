import {
  type AuditEntry,
  addToWorkspaces,
  type BulkRow,
  commit,
  findBulkRows,
  lockInstance,
  lockWorkspaces,
  removeFromWorkspaces,
} from '@roster/db'
import { type Actor, type BulkResultRow, refuse, visibilityOf, visibleScope } from '@roster/domain'
import type { Context } from '../../call/context.ts'
import { auditActor, lockActorAndTarget } from '../../call/lockActor.ts'
import { requireAdministrator } from '../../call/requireAdministrator.ts'
import { requireReauthentication } from '../../call/requireReauthentication.ts'
import type { Principal } from '../../session/resolveSession.ts'
import { type Action, BULK_POLICY_ACTION, planRow } from './bulk.ts'
import * as operations from './operations.ts'

/** The audit action of each row: the same as for a single call. */
const AUDIT_ACTION = {
  ...BULK_POLICY_ACTION,
  addToWorkspaces: 'member.added',
  removeFromWorkspaces: 'member.removed',
} as const satisfies Record<Action['kind'], string>

/**
 * The locked row is an administrator although the preview's was not, so the row runs again with the instance's lock.
 */
class NeedsInstanceLock extends Error {}

/** Applies a bulk action to one row in its own transaction: locks it, decides again, changes and audits it. */
export async function applyRow(
  ctx: Context & { user: Principal; actor: Actor },
  action: Action,
  row: BulkRow,
  batchId: string,
): Promise<BulkResultRow> {
  try {
    return await attempt(ctx, action, row, batchId, row.role === 'administrator')
  } catch (error) {
    if (error instanceof NeedsInstanceLock) return attempt(ctx, action, row, batchId, true)
    throw error
  }
}

async function attempt(
  ctx: Context & { user: Principal; actor: Actor },
  action: Action,
  row: BulkRow,
  batchId: string,
  instanceLock: boolean,
): Promise<BulkResultRow> {
  const workspaceIds = 'workspaceIds' in action ? [...new Set(action.workspaceIds)].sort() : []
  return commit(ctx.services, { key: ctx.user.userId }, async ({ tx, record }): Promise<BulkResultRow> => {
    if (instanceLock) await lockInstance(tx)
    const { actor, target } = await lockActorAndTarget(
      tx,
      { user: ctx.user, expected: ctx.actor, procedure: 'user.applyBulk' },
      row.id,
    )
    if (!target) throw refuse('NOT_FOUND', { what: 'user' })
    if (target.role === 'administrator' && !instanceLock) throw new NeedsInstanceLock()
    const workspaces =
      workspaceIds.length > 0 ? await lockWorkspaces(tx, actor.id, visibleScope(actor, 'workspace'), workspaceIds) : []
    if (workspaces.length < workspaceIds.length) throw refuse('NOT_FOUND', { what: 'workspace' })
    const archived =
      action.kind === 'addToWorkspaces' ? workspaces.find((workspace) => workspace.archivedAt !== null) : undefined
    if (archived) throw refuse('WORKSPACE_ARCHIVED', { name: archived.name })
    const [current] = await findBulkRows(
      tx,
      visibilityOf(actor),
      { ids: [row.id], matching: [], except: [] },
      workspaceIds,
      1,
    )
    if (!current) throw refuse('NOT_FOUND', { what: 'user' })
    const plan = planRow(actor, action, current, workspaces)
    if (plan.outcome === 'change' && action.kind === 'delete') await requireReauthentication(tx, actor)
    if (plan.outcome !== 'change')
      return { userId: row.id, username: row.username, outcome: plan.outcome, refusal: plan.refusal }
    const change = await applyAction({ tx, actor, target }, action, workspaceIds)
    if (instanceLock && change.entries.length > 0) await requireAdministrator(tx)
    const entries = change.entries.map((entry) => ({ ...entry, batchId }))
    record(auditActor(ctx, ctx.user), AUDIT_ACTION[action.kind], ...entries)
    return {
      userId: row.id,
      username: row.username,
      outcome: entries.length > 0 ? 'changed' : 'nothing',
      refusal: null,
      ...(change.before ? { before: change.before } : {}),
      ...(change.statusVersion === undefined ? {} : { statusVersion: change.statusVersion }),
    }
  })
}

interface RowChange {
  entries: AuditEntry[]
  before?: NonNullable<BulkResultRow['before']>
  statusVersion?: number
}

async function applyAction(
  locked: operations.LockedTarget,
  action: Action,
  workspaceIds: readonly string[],
): Promise<RowChange> {
  const { target } = locked
  const one = (entry: AuditEntry | null): AuditEntry[] => (entry ? [entry] : [])
  const status = ({ entry, statusVersion }: operations.StatusChange): RowChange => ({
    entries: one(entry),
    statusVersion,
  })
  switch (action.kind) {
    case 'suspend':
      return status(await operations.suspend(locked, action.expectedVersion))
    case 'reactivate':
      return status(await operations.reactivate(locked, action.expectedVersion))
    case 'setRole':
      return {
        entries: one(await operations.setRole(locked, action.role, action.expected)),
        before: { role: target.role, dailyLimit: target.dailyLimit },
      }
    case 'setLimit':
      return {
        entries: one(await operations.setLimit(locked, action.dailyLimit, action.expected)),
        before: { dailyLimit: target.dailyLimit },
      }
    case 'signOut':
      return { entries: one((await operations.signOut(locked)).entry) }
    case 'delete':
      return { entries: one(await operations.deleteUser(locked)) }
    case 'addToWorkspaces': {
      const { organizationId, id: userId } = target
      const { expiresAt } = action
      const joined = await addToWorkspaces(
        locked.tx,
        { organizationId, userId, addedById: locked.actor.id, expiresAt },
        workspaceIds,
      )
      return {
        entries: membershipEntries(target, joined, expiresAt === undefined ? {} : { after: { expiresAt } }),
        before: { workspaceIds: joined },
      }
    }
    case 'removeFromWorkspaces': {
      const left = await removeFromWorkspaces(locked.tx, target.id, workspaceIds)
      const ids = left.map(({ workspaceId }) => workspaceId)
      const ends = left.flatMap(({ workspaceId, expiresAt }) =>
        expiresAt ? [{ workspaceId, expiresAt: expiresAt.toISOString() }] : [],
      )
      return {
        entries: membershipEntries(target, ids),
        before: { workspaceIds: ids, ...(ends.length > 0 ? { ends } : {}) },
      }
    }
  }
}

/** The audit entries of added or removed memberships. */
function membershipEntries(
  { id, organizationId, username }: operations.LockedTarget['target'],
  workspaceIds: readonly string[],
  changes: Pick<AuditEntry, 'after'> = {},
): AuditEntry[] {
  return workspaceIds.map((workspaceId) => ({
    organizationId,
    targetKind: 'user',
    targetId: id,
    targetName: username,
    workspaceId,
    ...changes,
  }))
}
