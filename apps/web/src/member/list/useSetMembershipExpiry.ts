import { formatDay } from '../../i18n/format.ts'
import { t } from '../../i18n/text.ts'
import { useChange } from '../../lib/useChange.ts'
import { useNotify } from '../../ui/feedback/useNotify.ts'
import { useUndoToast } from '../../ui/feedback/useUndoToast.ts'
import { lastDayOfMembership, type Membership } from '../membership.ts'

/**
 * Sets, changes or clears the expiry of a membership, and offers Undo. `membership.expiresAt` is the expected old
 * value.
 */
export function useSetMembershipExpiry() {
  const { done } = useNotify()
  const offerUndo = useUndoToast()
  const { mutateAsync: setExpiry } = useChange('member.setExpiry')

  return async function setMembershipExpiry(membership: Membership, lastDay: string | null): Promise<void> {
    const { workspaceId, userId, name, expiresAt: expected } = membership
    const previousLastDay = lastDayOfMembership(membership)
    const { changed, expiresAt } = await setExpiry({ workspaceId, userId, lastDay, expected })
    const title =
      lastDay === null
        ? t('member.expiry.cleared', { name })
        : t('member.expiry.saved', { name, day: formatDay(lastDay) })
    if (changed)
      offerUndo({
        title,
        undo: () => setExpiry({ workspaceId, userId, lastDay: previousLastDay, expected: expiresAt }),
      })
    else done(title)
  }
}
