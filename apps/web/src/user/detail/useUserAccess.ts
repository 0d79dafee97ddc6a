import type { UserAction } from '@roster/domain'
import { computed } from 'vue'
import { t } from '../../i18n/text.ts'
import { useMay } from '../../lib/may.ts'
import { useSession } from '../../session/session.store.ts'
import type { UserSummary } from '../userSummary.ts'

const ACTIONS: readonly UserAction[] = [
  'user.setRole',
  'user.setLimit',
  'user.setPassword',
  'user.createLink',
  'user.signOut',
  'user.suspend',
  'user.delete',
]

/**
 * What the principal may change on a user's page. If the policy refuses every action, the page says so once and hides
 * the controls.
 */
export function useUserAccess(user: () => UserSummary) {
  const session = useSession()
  const { may } = useMay()
  const self = computed(() => user().id === session.me.user.id)
  const readOnly = computed(() => ACTIONS.every((action) => !may(action, user()).allowed))
  const notice = computed(() => {
    if (self.value) return t('userDetail.page.self')
    return readOnly.value ? t('userDetail.page.readOnly', { reason: may('user.delete', user()).reason ?? '' }) : null
  })
  return {
    self,
    /** Whether nothing can be changed, except perhaps the profile. */
    readOnly,
    /** The message at the top of the page; null if there is none. */
    notice,
    mayEdit: computed(() => may('user.update', user()).allowed),
  }
}
