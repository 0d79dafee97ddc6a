import { t } from '../i18n/text.ts'
import { useNotify } from '../ui/useNotify.ts'
import { useUndoToast } from '../ui/useUndoToast.ts'
import { type Person, personName } from './person.ts'
import { useReactivateUser, useSuspendUser } from './user.queries.ts'

/**
 * Suspends and reactivates, each with the other as its Undo, which is refused when the status was changed since. Nothing is offered to undo when somebody
 * else had done it already.
 */
export function useUserStatus() {
  const { done, failed } = useNotify()
  const offerUndo = useUndoToast()
  const { mutateAsync: suspendCall, isLoading: suspending } = useSuspendUser()
  const { mutateAsync: reactivateCall, isLoading: reactivating } = useReactivateUser()

  async function suspend(person: Person): Promise<void> {
    const [userId, name] = [person.id, personName(person)]
    try {
      const { changed, statusVersion: expectedVersion } = await suspendCall({ userId })
      if (!changed) return done(t('person.suspend.already', { name }))
      offerUndo({
        title: t('person.suspend.done', { name }),
        description: t('person.suspend.doneSentence'),
        undo: () => reactivateCall({ userId, expectedVersion }),
      })
    } catch (error) {
      failed(error)
    }
  }
  async function reactivate(person: Person): Promise<void> {
    const [userId, name] = [person.id, personName(person)]
    try {
      const { changed, statusVersion: expectedVersion } = await reactivateCall({ userId })
      if (!changed) return done(t('person.reactivate.already', { name }))
      offerUndo({
        title: t('person.reactivate.done', { name }),
        description: t('person.reactivate.doneSentence'),
        undo: () => suspendCall({ userId, expectedVersion }),
      })
    } catch (error) {
      failed(error)
    }
  }
  return { suspend, reactivate, suspending, reactivating }
}
