import { IMPORT_FIELDS, type ImportRow } from '@roster/domain'
import { fieldMessage } from '../i18n/fieldMessage.ts'
import { t } from '../i18n/text.ts'
import { refusalSentence } from '../lib/refusal.ts'

/** Why a row wasn't, or won't be, created, in words; each field that is to blame is named. */
export function rowReason({ refusal }: Pick<ImportRow, 'refusal'>): string {
  if (!refusal) return ''
  if (refusal.code !== 'BAD_INPUT') return refusalSentence(refusal)
  const seen = new Set<string>()
  return refusal.details.issues
    .flatMap(({ path, message }) => {
      const field = IMPORT_FIELDS.find((each) => each === path[0]) ?? 'extra'
      // The first complaint about a field says enough.
      if (seen.has(field)) return []
      seen.add(field)
      return [`${t(`import.field.${field}`)}: ${fieldMessage(message)}`]
    })
    .join(' ')
}

/** Whether a row is one of those that weren't, or won't be, created. */
export function isProblem({ outcome }: Pick<ImportRow, 'outcome'>): boolean {
  return outcome === 'refused' || outcome === 'failed'
}
