import type { SessionRow } from '@roster/domain'
import { t } from '../i18n/text.ts'

/** A session's device in the reader's language. The server names it in English, such as “Firefox on Windows”. */
export function deviceName({ device }: Pick<SessionRow, 'device'>): string {
  if (device === null) return t('session.list.unknownDevice')
  const [, browser, system] = /^(\w+) on (\w+)$/u.exec(device) ?? []
  return browser && system ? t('session.list.device', { browser, system }) : device
}
