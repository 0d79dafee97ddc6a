import { computed } from 'vue'
import { t } from '../../i18n/text.ts'
import { useMay } from '../../lib/may.ts'
import { refusalSentence } from '../../lib/refusal.ts'
import type { UserSummary } from '../userSummary.ts'
import { openUserPrompt } from './userPrompt.ts'
import { useUserStatus } from './useUserStatus.ts'

/** An action on a user, as a menu item and as a button. */
export interface UserMenuAction {
  label: string
  icon: string
  /** Why it isn't available; null if it is. */
  reason: string | null
  busy: boolean
  /** Whether it can't be undone. */
  danger?: true
  run: () => void
}

/** The actions on a user, each with the policy's reason if it refuses. The list and the user's page share them. */
export function useUserActions(user: () => UserSummary & { openSessions?: number; secondFactor?: boolean }) {
  const { may } = useMay()
  const { suspend, reactivate, suspending, reactivating } = useUserStatus()

  const status = computed<UserMenuAction>(() =>
    user().status === 'suspended'
      ? {
          label: t('userDetail.actions.reactivate'),
          icon: 'i-lucide-circle-play',
          reason: may('user.reactivate', user()).reason,
          busy: reactivating.value,
          run: () => void reactivate(user()),
        }
      : {
          label: t('userDetail.actions.suspend'),
          icon: 'i-lucide-ban',
          reason: may('user.suspend', user()).reason,
          busy: suspending.value,
          run: () => void suspend(user()),
        },
  )
  const signOut = computed<UserMenuAction>(() => ({
    label: t('userDetail.actions.signOut'),
    icon: 'i-lucide-log-out',
    reason: may('user.signOut', user()).reason ?? (hasNoSession() ? t('userDetail.actions.noSession') : null),
    busy: false,
    run: () => openUserPrompt('signOut', user()),
  }))
  const setPassword = computed<UserMenuAction>(() => ({
    label: t('userDetail.actions.setPassword'),
    icon: 'i-lucide-key-round',
    reason: may('user.setPassword', user()).reason,
    busy: false,
    run: () => openUserPrompt('setPassword', user()),
  }))
  const resetFactor = computed<UserMenuAction>(() => ({
    label: t('factor.reset.action'),
    icon: 'i-lucide-shield-off',
    reason: may('user.resetFactor', user()).reason ?? (user().secondFactor === false ? t('factor.reset.none') : null),
    busy: false,
    run: () => openUserPrompt('resetFactor', user()),
  }))
  const createLink = computed<UserMenuAction>(() => ({
    label: t('userDetail.actions.createLink'),
    icon: 'i-lucide-link',
    reason: may('user.createLink', user()).reason ?? suspendedReason(),
    busy: false,
    run: () => openUserPrompt('createLink', user()),
  }))
  const remove = computed<UserMenuAction>(() => ({
    label: t('userDetail.actions.delete'),
    icon: 'i-lucide-trash-2',
    reason: may('user.delete', user()).reason,
    busy: false,
    danger: true,
    run: () => openUserPrompt('delete', user()),
  }))

  function hasNoSession(): boolean {
    const { status: current, openSessions } = user()
    return current === 'suspended' || openSessions === 0
  }
  function suspendedReason(): string | null {
    return user().status === 'suspended'
      ? refusalSentence({ code: 'USER_NOT_ACTIVE', details: { status: 'suspended' } })
      : null
  }
  return { status, signOut, setPassword, resetFactor, createLink, remove }
}
