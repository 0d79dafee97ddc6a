import {
  type Failure,
  type FieldIssue,
  failureOf,
  isRefusalCode,
  type Refusal,
  type RefusalCode,
  type RefusalDetails,
  sentence,
} from '@roster/domain'
import { fieldMessage } from '../i18n/fieldMessage.ts'
import { readerFormat } from '../i18n/format.ts'
import { language } from '../i18n/language.ts'
import { fill, type Sentences } from '../i18n/sentences.ts'
import { sentencesOf } from '../i18n/switchLanguage.ts'
import { t } from '../i18n/text.ts'

/** The sentence of a refusal in the reader's language. `now`, in ms, is for the time left in it. */
export function refusalSentence<C extends RefusalCode>(
  refusal: { code: C; details: RefusalDetails[C] },
  now = Date.now(),
): string {
  const { code, details } = refusal as Refusal
  if (code === 'BAD_INPUT') return inputSentence(details.issues)
  const format = { ...readerFormat(), now }
  if (!isRefusalCode(code)) return sentence(refusal, format)
  const translated = sentencesOf(language.value)?.refusals[code] as Sentences['refusals']['BUSY'] | undefined
  return translated === undefined ? sentence(refusal, format) : fill(translated, details, format)
}

/** The form marks the fields themselves, so a sentence about several of them only points there. */
function inputSentence([issue, ...others]: readonly FieldIssue[]): string {
  return issue && others.length === 0 ? fieldMessage(issue) : t('common.fixFields')
}

/** The sentence of a failed call. */
export function failureSentence(failure: Failure): string {
  return failure.kind === 'refused' ? refusalSentence(failure.refusal) : t('common.unreachable')
}

/** The sentence of any error that a call threw. */
export function errorSentence(error: unknown): string {
  return failureSentence(failureOf(error))
}
