import { formatDateTime } from '../i18n/format.ts'
import { t } from '../i18n/text.ts'
import { csvText } from './csvText.ts'
import { isProblem, rowReason } from './rowReason.ts'
import type { ImportRun } from './useImportRun.ts'

/** The results of a run as CSV: every row with its outcome, its reason, and the link or password of a created user. */
export function resultText({ rows, credentials }: Pick<ImportRun, 'rows' | 'credentials'>): string {
  const head = ['row', 'username', 'display name', 'result', 'reason', 'link', 'password', 'valid until']
  const lines = rows.value.map((row) => {
    const credential = credentials.value.get(row.number)
    const credentialLost = row.outcome === 'created' && !credential
    const result =
      row.outcome === 'created'
        ? t('import.rows.created')
        : isProblem(row)
          ? t('import.rows.notCreated')
          : t('import.rows.waiting')
    return [
      row.number,
      row.username ?? '',
      row.displayName ?? '',
      result,
      credentialLost ? t('import.rows.noCredential') : rowReason(row),
      credential?.kind === 'link' ? credential.text : '',
      credential?.kind === 'password' ? credential.text : '',
      credential?.expiresAt ? formatDateTime(credential.expiresAt) : '',
    ]
  })
  return csvText([head, ...lines])
}
