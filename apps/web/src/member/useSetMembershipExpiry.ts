import { formatDay } from '../i18n/format.ts'
import { t } from '../i18n/text.ts'
import { useNotify } from '../ui/useNotify.ts'
import { useUndoToast } from '../ui/useUndoToast.ts'
import { useSetExpiry } from './member.queries.ts'
import { lastDayOfMembership, type Membership } from './membership.ts'

/** Sets, changes or clears the end of a membership over the one that was seen, with the old one as its Undo. */
export function useSetMembershipExpiry() {
  const { done } = useNotify()
  const offerUndo = useUndoToast()
  const { mutateAsync: setExpiry } = useSetExpiry()

  return async function setEnd(membership: Membership, lastDay: string | null): Promise<void> {
    const { workspaceId, userId, name, expiresAt: expected } = membership
    const before = lastDayOfMembership(membership)
    const { changed, expiresAt } = await setExpiry({ workspaceId, userId, lastDay, expected })
    const title = lastDay === null ? t('member.end.cleared', { name }) : t('member.end.set', { name, day: formatDay(lastDay) })
    if (changed) offerUndo({ title, undo: () => setExpiry({ workspaceId, userId, lastDay: before, expected: expiresAt }) })
    else done(title)
  }
}
