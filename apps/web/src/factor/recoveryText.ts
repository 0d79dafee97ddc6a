import { t } from '../i18n/text.ts'
import { saveText } from './saveText.ts'

/** Recovery codes as a text to be kept: whose they are, and for where. */
export function recoveryText(codes: readonly string[], { username, instance }: { username: string; instance: string }): string {
  return `${t('factor.recovery.file', { instance, name: username })}\n${location.origin}\n\n${codes.join('\n')}\n`
}

/** Hands them over as a file. */
export function saveRecoveryCodes(codes: readonly string[], whose: { username: string; instance: string }): void {
  saveText(`recovery-codes-${whose.username}.txt`, recoveryText(codes, whose))
}
