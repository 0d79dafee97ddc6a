import type { Role, UserDetail } from '@roster/domain'
import { t } from '../../i18n/text.ts'
import { type Permission, useMay } from '../../lib/may.ts'
import { useChange } from '../../lib/useChange.ts'
import { useNotify } from '../../ui/feedback/useNotify.ts'
import { useUndoToast } from '../../ui/feedback/useUndoToast.ts'
import { displayNameOf, type UserSummary } from '../userSummary.ts'

/** Changes a role, and offers Undo where the policy allows the inverse. */
export function useRoleChange() {
  const { may, mayGrant } = useMay()
  const { done } = useNotify()
  const offerUndo = useUndoToast()
  const { mutateAsync: setRole } = useChange('user.setRole')
  const { mutateAsync: setLimit } = useChange('user.setLimit')

  /** Whether the actor may restore the user's present role after changing it to `role`. */
  function mayUndo(user: UserSummary, role: Role): Permission {
    const permission = may('user.setRole', { ...user, role })
    return permission.allowed ? mayGrant(user.role) : permission
  }

  async function changeRole(
    user: UserSummary & Pick<UserDetail, 'dailyLimit'>,
    role: Role,
    expected: Role,
  ): Promise<void> {
    const { id: userId, dailyLimit } = user
    const { changed } = await setRole({ userId, role, expected })
    const title = t('userDetail.page.roleSaved', { name: displayNameOf(user), role: t(`common.roles.${role}`) })
    if (!changed || !mayUndo({ ...user, role: expected }, role).allowed) return done(title)
    offerUndo({
      title,
      async undo() {
        await setRole({ userId, role: expected, expected: role })
        // The role Administrator removed the limit.
        if (role === 'administrator' && dailyLimit !== null) await setLimit({ userId, dailyLimit, expected: null })
      },
    })
  }
  return { changeRole, mayUndo }
}
