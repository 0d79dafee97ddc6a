import { FIELD_PROBLEMS, type FieldProblem, problemSentence } from '@roster/domain'
import { readerFormat } from './format.ts'
import { language } from './language.ts'
import { fill, type Sentences } from './sentences.ts'
import { sentencesOf } from './switchLanguage.ts'

/**
 * A field problem in the reader's language. A code that only a newer server knows has the server's English `message`.
 */
export function fieldMessage(issue: FieldProblem & { message?: string }): string {
  const { code, params, message } = issue
  if (!Object.hasOwn(FIELD_PROBLEMS, code)) return message ?? problemSentence({ code: 'INVALID_VALUE', params: {} })
  const translated = sentencesOf(language.value)?.problems[code] as Sentences['problems']['INVALID_VALUE'] | undefined
  return translated === undefined ? problemSentence(issue, readerFormat()) : fill(translated, params, readerFormat())
}
