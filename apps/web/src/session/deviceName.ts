import type { SessionRow } from '@roster/domain'
import { t } from '../i18n/text.ts'

/** What a session is on, in words: "Firefox on Windows". */
export function deviceName({ device }: Pick<SessionRow, 'device'>): string {
  return device ?? t('session.list.unknownDevice')
}
