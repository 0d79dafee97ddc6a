import { computed } from 'vue'
import { t } from '../i18n/text.ts'
import { useMay } from '../lib/may.ts'
import { refusalSentence } from '../lib/refusal.ts'
import { openUserPrompt } from './userPrompt.ts'
import type { UserSummary } from './userSummary.ts'
import { useUserStatus } from './useUserStatus.ts'

/** Something that can be done to somebody: as a menu's entry and as a button of their page. */
export interface UserMenuAction {
  label: string
  icon: string
  /** Why it can't be done; null when it can. */
  reason: string | null
  busy: boolean
  /** It can't be taken back. */
  danger?: true
  run: () => void
}

/** What can be done to somebody, with the policy's reason where it can't. The list's menu and the person's page both take it from here. */
export function useUserActions(person: () => UserSummary & { openSessions?: number; secondFactor?: boolean }) {
  const { may } = useMay()
  const { suspend, reactivate, suspending, reactivating } = useUserStatus()

  const status = computed<UserMenuAction>(() =>
    person().status === 'suspended'
      ? {
          label: t('userDetail.actions.reactivate'),
          icon: 'i-lucide-circle-play',
          reason: may('user.reactivate', person()).reason,
          busy: reactivating.value,
          run: () => void reactivate(person()),
        }
      : {
          label: t('userDetail.actions.suspend'),
          icon: 'i-lucide-ban',
          reason: may('user.suspend', person()).reason,
          busy: suspending.value,
          run: () => void suspend(person()),
        },
  )
  const signOut = computed<UserMenuAction>(() => ({
    label: t('userDetail.actions.signOut'),
    icon: 'i-lucide-log-out',
    reason: may('user.signOut', person()).reason ?? (signedInNowhere() ? t('userDetail.actions.noSession') : null),
    busy: false,
    run: () => openUserPrompt('signOut', person()),
  }))
  const setPassword = computed<UserMenuAction>(() => ({
    label: t('userDetail.actions.setPassword'),
    icon: 'i-lucide-key-round',
    reason: may('user.setPassword', person()).reason,
    busy: false,
    run: () => openUserPrompt('setPassword', person()),
  }))
  const resetFactor = computed<UserMenuAction>(() => ({
    label: t('factor.reset.action'),
    icon: 'i-lucide-shield-off',
    reason: may('user.resetFactor', person()).reason ?? (person().secondFactor === false ? t('factor.reset.none') : null),
    busy: false,
    run: () => openUserPrompt('resetFactor', person()),
  }))
  const createLink = computed<UserMenuAction>(() => ({
    label: t('userDetail.actions.createLink'),
    icon: 'i-lucide-link',
    reason: may('user.createLink', person()).reason ?? notActive(),
    busy: false,
    run: () => openUserPrompt('createLink', person()),
  }))
  const remove = computed<UserMenuAction>(() => ({
    label: t('userDetail.actions.delete'),
    icon: 'i-lucide-trash-2',
    reason: may('user.delete', person()).reason,
    busy: false,
    danger: true,
    run: () => openUserPrompt('delete', person()),
  }))

  function signedInNowhere(): boolean {
    const { status: now, openSessions } = person()
    return now === 'suspended' || openSessions === 0
  }
  function notActive(): string | null {
    return person().status === 'suspended' ? refusalSentence({ code: 'USER_NOT_ACTIVE', details: { status: 'suspended' } }) : null
  }
  return { status, signOut, setPassword, resetFactor, createLink, remove }
}
