import { t } from '../../i18n/text.ts'
import { useChange } from '../../lib/useChange.ts'
import { useNotify } from '../../ui/feedback/useNotify.ts'
import { useUndoToast } from '../../ui/feedback/useUndoToast.ts'
import { displayNameOf, type UserSummary } from '../userSummary.ts'

/**
 * Suspends and reactivates users, each with Undo. The server refuses an undo if the status changed since. There is no
 * Undo if the user already had the status.
 */
export function useUserStatus() {
  const { done, failed } = useNotify()
  const offerUndo = useUndoToast()
  const { mutateAsync: suspendCall, isLoading: suspending } = useChange('user.suspend')
  const { mutateAsync: reactivateCall, isLoading: reactivating } = useChange('user.reactivate')

  async function suspend(user: UserSummary): Promise<void> {
    const [userId, name] = [user.id, displayNameOf(user)]
    try {
      const { changed, statusVersion: expectedVersion } = await suspendCall({ userId })
      if (!changed) return done(t('userDetail.suspend.already', { name }))
      offerUndo({
        title: t('userDetail.suspend.done', { name }),
        description: t('userDetail.suspend.doneSentence'),
        undo: () => reactivateCall({ userId, expectedVersion }),
      })
    } catch (error) {
      failed(error)
    }
  }
  async function reactivate(user: UserSummary): Promise<void> {
    const [userId, name] = [user.id, displayNameOf(user)]
    try {
      const { changed, statusVersion: expectedVersion } = await reactivateCall({ userId })
      if (!changed) return done(t('userDetail.reactivate.already', { name }))
      offerUndo({
        title: t('userDetail.reactivate.done', { name }),
        description: t('userDetail.reactivate.doneSentence'),
        undo: () => suspendCall({ userId, expectedVersion }),
      })
    } catch (error) {
      failed(error)
    }
  }
  return { suspend, reactivate, suspending, reactivating }
}
