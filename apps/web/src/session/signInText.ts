import type { SignInRow } from '@roster/domain'
import { t } from '../i18n/text.ts'

/** Why a sign-in failed, for the owner of the account. */
export function signInFailure({ code }: Pick<SignInRow, 'code'>): string {
  switch (code) {
    case 'INVALID_CREDENTIALS':
    case 'INVALID_CODE':
    case 'PASSKEY_REFUSED':
    case 'ACCOUNT_SUSPENDED':
    case 'NETWORK_NOT_ALLOWED':
    case 'CHALLENGE_EXPIRED':
      return t(`session.signInHistory.codes.${code}`)
    default:
      return t('session.signInHistory.codes.other')
  }
}

/** How the user signed in, if not on the sign-in page. */
export function signInMethod({ action, outcome }: Pick<SignInRow, 'action' | 'outcome'>): string | undefined {
  if (outcome === 'refused') return undefined
  if (action === 'link.accept') return t('activity.through.link')
  if (action === 'invitation.accept') return t('activity.through.invitation')
  return action === 'setup.run' ? t('activity.through.setup-code') : undefined
}
