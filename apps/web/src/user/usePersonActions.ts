import { computed } from 'vue'
import { t } from '../i18n/text.ts'
import { useMay } from '../lib/may.ts'
import { refusalSentence } from '../lib/refusal.ts'
import type { Person } from './person.ts'
import { askAbout } from './personQuestion.ts'
import { useUserStatus } from './useUserStatus.ts'

/** Something that can be done to somebody: as a menu's entry and as a button of their page. */
export interface PersonAction {
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
export function usePersonActions(person: () => Person & { openSessions?: number; secondFactor?: boolean }) {
  const { may } = useMay()
  const { suspend, reactivate, suspending, reactivating } = useUserStatus()

  const status = computed<PersonAction>(() =>
    person().status === 'suspended'
      ? {
          label: t('person.actions.reactivate'),
          icon: 'i-lucide-circle-play',
          reason: may('user.reactivate', person()).reason,
          busy: reactivating.value,
          run: () => void reactivate(person()),
        }
      : {
          label: t('person.actions.suspend'),
          icon: 'i-lucide-ban',
          reason: may('user.suspend', person()).reason,
          busy: suspending.value,
          run: () => void suspend(person()),
        },
  )
  const signOut = computed<PersonAction>(() => ({
    label: t('person.actions.signOut'),
    icon: 'i-lucide-log-out',
    reason: may('user.signOut', person()).reason ?? (signedInNowhere() ? t('person.actions.noSession') : null),
    busy: false,
    run: () => askAbout('signOut', person()),
  }))
  const setPassword = computed<PersonAction>(() => ({
    label: t('person.actions.setPassword'),
    icon: 'i-lucide-key-round',
    reason: may('user.setPassword', person()).reason,
    busy: false,
    run: () => askAbout('setPassword', person()),
  }))
  const resetFactor = computed<PersonAction>(() => ({
    label: t('factor.reset.action'),
    icon: 'i-lucide-shield-off',
    reason: may('user.resetFactor', person()).reason ?? (person().secondFactor === false ? t('factor.reset.none') : null),
    busy: false,
    run: () => askAbout('resetFactor', person()),
  }))
  const createLink = computed<PersonAction>(() => ({
    label: t('person.actions.createLink'),
    icon: 'i-lucide-link',
    reason: may('user.createLink', person()).reason ?? notActive(),
    busy: false,
    run: () => askAbout('createLink', person()),
  }))
  const remove = computed<PersonAction>(() => ({
    label: t('person.actions.delete'),
    icon: 'i-lucide-trash-2',
    reason: may('user.delete', person()).reason,
    busy: false,
    danger: true,
    run: () => askAbout('delete', person()),
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
