import { formatList } from '../../i18n/format.ts'
import { t } from '../../i18n/text.ts'

const MAX_NAMES = 4

/** A list of names for a sentence: "ann, ben and cem", or "ann, ben, cem, dan and 12 more". */
export function shortNameList(names: readonly string[]): string {
  const more = names.length - MAX_NAMES
  return more > 0 ? t('bulk.names', { names: names.slice(0, MAX_NAMES).join(', '), n: more }) : formatList(names)
}
