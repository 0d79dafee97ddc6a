import { t } from '../i18n/text.ts'
import { saveText } from './saveText.ts'

/** Recovery codes as a text to save, with the account and the instance. */
export function recoveryText(
  codes: readonly string[],
  { username, instance }: { username: string; instance: string },
): string {
  return `${t('factor.recovery.file', { instance, name: username })}\n${location.origin}\n\n${codes.join('\n')}\n`
}

/** Downloads the recovery codes as a text file. */
export function saveRecoveryCodes(codes: readonly string[], account: { username: string; instance: string }): void {
  saveText(`recovery-codes-${account.username}.txt`, recoveryText(codes, account))
}
