import type { BulkAction, BulkResultRow } from '@roster/domain'

/** One bulk call of an undo. */
export interface UndoStep {
  ids: string[]
  action: BulkAction
}

/**
 * The bulk calls that undo what a bulk call changed: one per former value. Each expects the value that was set (for a
 * status, its version), so users changed again since are skipped. Empty if the action can't be undone.
 */
export function undoSteps(action: BulkAction, rows: readonly BulkResultRow[]): UndoStep[] {
  const changed = rows.filter((row) => row.outcome === 'changed')
  switch (action.kind) {
    case 'suspend':
    case 'reactivate': {
      const kind = action.kind === 'suspend' ? 'reactivate' : 'suspend'
      return groupIds(changed, (row) => row.statusVersion).map(([expectedVersion, ids]) => ({
        ids,
        action: { kind, expectedVersion },
      }))
    }
    case 'setRole': {
      const roles = groupIds(changed, (row) => row.before?.role).map(([role, ids]) => ({
        ids,
        action: { kind: 'setRole' as const, role, expected: action.role },
      }))
      // The role Administrator removed the limit. Restore it after the role.
      const limits =
        action.role === 'administrator' ? groupIds(changed, (row) => row.before?.dailyLimit ?? undefined) : []
      return withUsers([
        ...roles,
        ...limits.map(([dailyLimit, ids]) => ({
          ids,
          action: { kind: 'setLimit' as const, dailyLimit, expected: null },
        })),
      ])
    }
    case 'setLimit':
      return withUsers(
        groupIds(changed, (row) => row.before?.dailyLimit).map(([dailyLimit, ids]) => ({
          ids,
          action: { kind: 'setLimit', dailyLimit, expected: action.dailyLimit },
        })),
      )
    case 'addToWorkspaces':
      return withUsers(
        action.workspaceIds.map((workspaceId) => ({
          ids: changed.filter((row) => row.before?.workspaceIds?.includes(workspaceId)).map((row) => row.userId),
          action: { kind: 'removeFromWorkspaces', workspaceIds: [workspaceId] },
        })),
      )
    case 'removeFromWorkspaces':
      return action.workspaceIds.flatMap((workspaceId) => {
        // A restored membership keeps its former expiry.
        const expiryOf = ({ before }: BulkResultRow) =>
          before?.workspaceIds?.includes(workspaceId)
            ? (before.ends?.find((end) => end.workspaceId === workspaceId)?.expiresAt ?? null)
            : undefined
        return groupIds(changed, expiryOf).map(([expiresAt, ids]) => ({
          ids,
          action: {
            kind: 'addToWorkspaces' as const,
            workspaceIds: [workspaceId],
            ...(expiresAt === null ? {} : { expiresAt }),
          },
        }))
      })
    case 'signOut':
    case 'delete':
      return []
  }
}

function withUsers(steps: UndoStep[]): UndoStep[] {
  return steps.filter(({ ids }) => ids.length > 0)
}

/** User ids grouped by a value of their row; rows without the value are left out. */
function groupIds<Value extends string | number | null>(
  rows: readonly BulkResultRow[],
  getValue: (row: BulkResultRow) => Value | undefined,
): [Value, string[]][] {
  const groups = new Map<Value, string[]>()
  for (const row of rows) {
    const value = getValue(row)
    if (value === undefined) continue
    const ids = groups.get(value)
    if (ids) ids.push(row.userId)
    else groups.set(value, [row.userId])
  }
  return [...groups]
}
