import { formatList } from '../i18n/format.ts'
import { t } from '../i18n/text.ts'

/** The most names that a sentence spells out. */
const NAMED = 4

/** Names in a sentence: "ann, ben and cem", or "ann, ben, cem, dan and 12 more". */
export function namesOf(names: readonly string[]): string {
  const others = names.length - NAMED
  return others > 0 ? t('bulk.names', { names: names.slice(0, NAMED).join(', '), n: others }) : formatList(names)
}
