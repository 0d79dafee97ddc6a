import type { UserAction } from '@roster/domain'
import { computed } from 'vue'
import { t } from '../i18n/text.ts'
import { useMay } from '../lib/may.ts'
import { useSession } from '../session/session.store.ts'
import type { UserSummary } from './userSummary.ts'

const DEEDS: readonly UserAction[] = ['user.setRole', 'user.setLimit', 'user.setPassword', 'user.createLink', 'user.signOut', 'user.suspend', 'user.delete']

/** How a person's page is open to its reader. Where the policy refuses everything, that is said once and the controls are left out. */
export function useUserAccess(person: () => UserSummary) {
  const session = useSession()
  const { may } = useMay()
  const self = computed(() => person().id === session.me.user.id)
  const closed = computed(() => DEEDS.every((deed) => !may(deed, person()).allowed))
  const notice = computed(() => {
    if (self.value) return t('userDetail.page.self')
    return closed.value ? t('userDetail.page.readOnly', { reason: may('user.delete', person()).reason ?? '' }) : null
  })
  return {
    self,
    /** Nothing but the profile, perhaps, can be changed. */
    closed,
    /** What to say about it above everything else. */
    notice,
    edits: computed(() => may('user.update', person()).allowed),
  }
}
