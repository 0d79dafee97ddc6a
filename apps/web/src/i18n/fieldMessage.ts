import { formatNumber } from './format.ts'
import { language } from './language.ts'
import { fieldTexts } from './speak.ts'
import { t } from './text.ts'

// A comma belongs to a number only between its digits.
const NUMBER = /\d+(?:,\d{3})*/g

/** The key of a field message: its English sentence with `{n}` for each number. */
export function fieldMessageKey(english: string): string {
  return english.replace(NUMBER, '{n}')
}

/** What a schema said about a field, in the reader's language. What zod says by itself (wrong types, which no form sends) becomes one general sentence. */
export function fieldMessage(english: string): string {
  if (/^(?:Invalid|Unrecognized|Too )/.test(english)) return t('common.invalidField')
  if (language.value === 'en') return english
  const translated = fieldTexts(language.value)[fieldMessageKey(english)]
  if (translated === undefined) return english
  const numbers = english.match(NUMBER) ?? []
  let next = 0
  return translated.replace(/\{n\}/g, () => formatNumber(Number((numbers[next++] ?? '').replaceAll(',', ''))))
}
