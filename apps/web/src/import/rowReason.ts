import { IMPORT_FIELDS, type ImportRow } from '@roster/domain'
import { fieldMessage } from '../i18n/fieldMessage.ts'
import { t } from '../i18n/text.ts'
import { refusalSentence } from '../lib/refusal.ts'

/** Why a row was not, or will not be, created; each invalid field is named. */
export function rowReason({ refusal }: Pick<ImportRow, 'refusal'>): string {
  if (!refusal) return ''
  if (refusal.code !== 'BAD_INPUT') return refusalSentence(refusal)
  const named = new Set<string>()
  return refusal.details.issues
    .flatMap((issue) => {
      const field = IMPORT_FIELDS.find((each) => each === issue.path[0]) ?? 'extra'
      // One message per field is enough.
      if (named.has(field)) return []
      named.add(field)
      return [`${t(`import.field.${field}`)}: ${fieldMessage(issue)}`]
    })
    .join(' ')
}

/** Whether a row was not, or will not be, created. */
export function isProblem({ outcome }: Pick<ImportRow, 'outcome'>): boolean {
  return outcome === 'refused' || outcome === 'failed'
}
