import type { SessionRow } from '@roster/domain'
import { t } from '../i18n/text.ts'

/** What a session is on, in the reader's words: "Firefox on Windows". The server names it in English. */
export function deviceName({ device }: Pick<SessionRow, 'device'>): string {
  if (device === null) return t('session.list.unknownDevice')
  const [, browser, system] = /^(\w+) on (\w+)$/u.exec(device) ?? []
  return browser && system ? t('session.list.device', { browser, system }) : device
}
