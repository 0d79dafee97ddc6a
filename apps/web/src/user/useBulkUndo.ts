import type { BulkAction, BulkResultRow } from '@roster/domain'
import { t } from '../i18n/text.ts'
import { refusalOf } from '../lib/failure.ts'
import { useMay } from '../lib/may.ts'
import { useSession } from '../session/session.store.ts'
import { type UndoStep, undoSteps } from './bulkUndo.ts'
import { namesOf } from './namesOf.ts'
import { previewBulk, useApplyBulk } from './user.queries.ts'

/** How often a step looks again when somebody changed between its preview and its call. */
const LOOKS = 5

/** Takes back what a bulk call did, by further bulk calls through the policy. */
export function useBulkUndo() {
  const session = useSession()
  const { may, mayGrant } = useMay()
  const { mutateAsync: bulk } = useApplyBulk()

  /** Whether the policy lets this be taken back: a manager who made a manager, for instance, can't. */
  function allowed({ action }: UndoStep, done: BulkAction): boolean {
    if (action.kind !== 'setRole' || done.kind !== 'setRole') return true
    const { organizationId } = session.actor
    return may('user.setRole', { id: '', role: done.role, organizationId }).allowed && mayGrant(action.role).allowed
  }

  /** Who was changed by one step. Those who are not there any more can't be. */
  async function takeBack({ ids, action }: UndoStep): Promise<string[]> {
    let there = ids
    for (let look = 0; look < LOOKS && there.length > 0; look++) {
      try {
        const selection = { kind: 'ids' as const, ids: there }
        const { token, change } = await previewBulk({ selection, action })
        if (change === 0) return []
        const { rows } = await bulk({ selection, action, token })
        return rows.filter((row) => row.outcome === 'changed').map((row) => row.userId)
      } catch (error) {
        const refusal = refusalOf(error)
        if (refusal?.code === 'UNKNOWN_IDS' && refusal.details.what === 'user') there = there.filter((id) => !refusal.details.ids.includes(id))
        else if (refusal?.code !== 'PREVIEW_OUTDATED') throw error
      }
    }
    return []
  }

  /** The Undo of a bulk call, which answers with a sentence about those it had to leave; null when there is nothing to take back, or no right to. */
  return function undoOf(done: BulkAction, rows: readonly BulkResultRow[]): (() => Promise<string | undefined>) | null {
    const steps = undoSteps(done, rows)
    if (steps.length === 0 || !steps.every((step) => allowed(step, done))) return null
    return async () => {
      const left = new Set<string>()
      const failures: unknown[] = []
      for (const step of steps) {
        const back = new Set(
          await takeBack(step).catch((error: unknown) => {
            failures.push(error)
            return []
          }),
        )
        for (const id of step.ids) if (!back.has(id)) left.add(id)
      }
      if (failures.length === steps.length) throw failures[0]
      if (left.size === 0) return undefined
      return t('bulk.left', { n: left.size, names: namesOf(rows.filter((row) => left.has(row.userId)).map((row) => row.username)) })
    }
  }
}
