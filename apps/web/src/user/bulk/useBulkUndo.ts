import { type BulkAction, type BulkResultRow, refusalOf } from '@roster/domain'
import { t } from '../../i18n/text.ts'
import { api } from '../../lib/api.ts'
import { useMay } from '../../lib/may.ts'
import { useChange } from '../../lib/useChange.ts'
import { useSession } from '../../session/session.store.ts'
import { type UndoStep, undoSteps } from './bulkUndo.ts'
import { shortNameList } from './shortNameList.ts'

/** Attempts per step when users change between its preview and its call. */
const MAX_ATTEMPTS = 5

/** Undoes a bulk call with further bulk calls, each checked by the policy. */
export function useBulkUndo() {
  const session = useSession()
  const { may, mayGrant } = useMay()
  const { mutateAsync: applyBulk } = useChange('user.applyBulk')

  /** Whether the policy allows the inverse. A manager can't take back the role Manager, for example. */
  function isAllowed({ action }: UndoStep, applied: BulkAction): boolean {
    if (action.kind !== 'setRole' || applied.kind !== 'setRole') return true
    const { organizationId } = session.actor
    return may('user.setRole', { id: '', role: applied.role, organizationId }).allowed && mayGrant(action.role).allowed
  }

  /** Runs one step and returns the ids of the users it changed. Deleted users are skipped. */
  async function run({ ids, action }: UndoStep): Promise<string[]> {
    let remaining = ids
    for (let attempt = 0; attempt < MAX_ATTEMPTS && remaining.length > 0; attempt++) {
      try {
        const { token, change } = await api.user.previewBulk.query({ selection: remaining, action })
        if (change === 0) return []
        const { rows } = await applyBulk({ selection: remaining, action, token })
        return rows.filter((row) => row.outcome === 'changed').map((row) => row.userId)
      } catch (error) {
        const refusal = refusalOf(error)
        if (refusal?.code === 'UNKNOWN_IDS' && refusal.details.what === 'user')
          remaining = remaining.filter((id) => !refusal.details.ids.includes(id))
        else if (refusal?.code !== 'PREVIEW_OUTDATED') throw error
      }
    }
    return []
  }

  /**
   * The undo of a bulk call, which returns a sentence about skipped users; null if there is nothing to undo, or the
   * policy forbids it.
   * @throws the first error, when every step fails
   */
  return function undoOf(
    applied: BulkAction,
    rows: readonly BulkResultRow[],
  ): (() => Promise<string | undefined>) | null {
    const steps = undoSteps(applied, rows)
    if (steps.length === 0 || !steps.every((step) => isAllowed(step, applied))) return null
    return async () => {
      const skipped = new Set<string>()
      const failures: unknown[] = []
      for (const step of steps) {
        const restored = new Set(
          await run(step).catch((error: unknown) => {
            failures.push(error)
            return []
          }),
        )
        for (const id of step.ids) if (!restored.has(id)) skipped.add(id)
      }
      if (failures.length === steps.length) throw failures[0]
      if (skipped.size === 0) return undefined
      return t('bulk.skipped', {
        n: skipped.size,
        names: shortNameList(rows.filter((row) => skipped.has(row.userId)).map((row) => row.username)),
      })
    }
  }
}
