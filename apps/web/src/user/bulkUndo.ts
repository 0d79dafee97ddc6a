import type { BulkAction, BulkResultRow } from '@roster/domain'

/** One call of an Undo: the same inverse for all of these people. */
export interface UndoStep {
  ids: string[]
  action: BulkAction
}

/**
 * The calls that take back what a bulk call really did: one for each former value. They are guarded by what was set (a status by how often it was), so
 * that whoever was changed again since is left alone. Empty for what can't be taken back.
 */
export function undoSteps(action: BulkAction, rows: readonly BulkResultRow[]): UndoStep[] {
  const changed = rows.filter((row) => row.outcome === 'changed')
  switch (action.kind) {
    case 'suspend':
    case 'reactivate': {
      const kind = action.kind === 'suspend' ? 'reactivate' : 'suspend'
      return by(changed, (row) => row.statusVersion).map(([expectedVersion, ids]) => ({ ids, action: { kind, expectedVersion } }))
    }
    case 'setRole': {
      const roles = by(changed, (row) => row.before?.role).map(([role, ids]) => ({ ids, action: { kind: 'setRole' as const, role, expected: action.role } }))
      // Becoming an administrator took the limit away; it comes back after the role.
      const limits = action.role === 'administrator' ? by(changed, (row) => row.before?.dailyLimit ?? undefined) : []
      return steps([...roles, ...limits.map(([dailyLimit, ids]) => ({ ids, action: { kind: 'setLimit' as const, dailyLimit, expected: null } }))])
    }
    case 'setLimit':
      return steps(
        by(changed, (row) => row.before?.dailyLimit).map(([dailyLimit, ids]) => ({
          ids,
          action: { kind: 'setLimit', dailyLimit, expected: action.dailyLimit },
        })),
      )
    case 'addToWorkspaces':
      return steps(
        action.workspaceIds.map((workspaceId) => ({
          ids: changed.filter((row) => row.before?.workspaceIds?.includes(workspaceId)).map((row) => row.userId),
          action: { kind: 'removeFromWorkspaces', workspaceIds: [workspaceId] },
        })),
      )
    case 'removeFromWorkspaces':
      return action.workspaceIds.flatMap((workspaceId) => {
        // Whose membership would have ended by itself gets that end back with it.
        const endOf = ({ before }: BulkResultRow) =>
          before?.workspaceIds?.includes(workspaceId) ? (before.ends?.find((end) => end.workspaceId === workspaceId)?.expiresAt ?? null) : undefined
        return by(changed, endOf).map(([expiresAt, ids]) => ({
          ids,
          action: { kind: 'addToWorkspaces' as const, workspaceIds: [workspaceId], ...(expiresAt === null ? {} : { expiresAt }) },
        }))
      })
    case 'signOut':
    case 'delete':
      return []
  }
}

function steps(all: UndoStep[]): UndoStep[] {
  return all.filter(({ ids }) => ids.length > 0)
}

/** The rows' people by a value; rows without one are left out. */
function by<Value extends string | number | null>(rows: readonly BulkResultRow[], value: (row: BulkResultRow) => Value | undefined): [Value, string[]][] {
  const groups = new Map<Value, string[]>()
  for (const row of rows) {
    const of = value(row)
    if (of === undefined) continue
    const ids = groups.get(of)
    if (ids) ids.push(row.userId)
    else groups.set(of, [row.userId])
  }
  return [...groups]
}
