import type { Role, UserDetail } from '@roster/domain'
import { t } from '../i18n/text.ts'
import { type Permission, useMay } from '../lib/may.ts'
import { useNotify } from '../ui/useNotify.ts'
import { useUndoToast } from '../ui/useUndoToast.ts'
import { useSetLimit, useSetRole } from './user.queries.ts'
import { displayNameOf, type UserSummary } from './userSummary.ts'

/** Changes a role, with Undo where the policy lets whoever did it take it back. */
export function useRoleChange() {
  const { may, mayGrant } = useMay()
  const { done } = useNotify()
  const offerUndo = useUndoToast()
  const { mutateAsync: setRole } = useSetRole()
  const { mutateAsync: setLimit } = useSetLimit()

  /** Whether one could give the old role back after having given `role`. */
  function mayTakeBack(person: UserSummary, role: Role): Permission {
    const back = may('user.setRole', { ...person, role })
    return back.allowed ? mayGrant(person.role) : back
  }

  async function changeRole(person: UserSummary & Pick<UserDetail, 'dailyLimit'>, role: Role, expected: Role): Promise<void> {
    const { id: userId, dailyLimit } = person
    const { changed } = await setRole({ userId, role, expected })
    const title = t('userDetail.page.roleSaved', { name: displayNameOf(person), role: t(`common.roles.${role}`) })
    if (!changed || !mayTakeBack({ ...person, role: expected }, role).allowed) return done(title)
    offerUndo({
      title,
      async undo() {
        await setRole({ userId, role: expected, expected: role })
        // Becoming an administrator had taken the limit away.
        if (role === 'administrator' && dailyLimit !== null) await setLimit({ userId, dailyLimit, expected: null })
      },
    })
  }
  return { changeRole, mayTakeBack }
}
