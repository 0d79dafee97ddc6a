import { fieldDe } from './field.de.ts'
import { refusalDe } from './refusal.de.ts'
import type { Sentences } from './sentences.ts'

/** The domain's sentences in German. */
export const sentencesDe: Sentences = { refusals: refusalDe, problems: fieldDe }
