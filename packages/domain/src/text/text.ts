import * as z from 'zod'
import { problem } from '../refusal/fieldProblem.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/u
const LINE_BREAK = /[\n\r\t\u2028\u2029]/u

/** A character that is visible on the screen. */
const VISIBLE = /[^\p{Default_Ignorable_Code_Point}\p{M}\p{Z}\s\u2800]/u

/** Whether a text can be displayed as it is. Half a surrogate pair is no character, and PostgreSQL rejects it. */
function isDisplayable(text: string): boolean {
  return text.isWellFormed() && !CONTROL.test(text) && (text === '' || VISIBLE.test(text))
}

/** One line of text: trimmed, without control or direction-changing characters, at most `max` characters. */
export function line(max: number) {
  return z
    .string()
    .max(max * 4, { error: problem('TOO_LONG', { max }) })
    .trim()
    .refine((text) => [...text].length <= max, { error: problem('TOO_LONG', { max }) })
    .refine((text) => isDisplayable(text) && !LINE_BREAK.test(text), { error: problem('INVALID_CHARACTERS') })
}

/** Several lines of text: as `line`, with line breaks. */
export function lines(max: number) {
  return z
    .string()
    .max(max * 4, { error: problem('TOO_LONG', { max }) })
    .trim()
    .refine((text) => [...text].length <= max, { error: problem('TOO_LONG', { max }) })
    .refine((text) => isDisplayable(text), { error: problem('INVALID_CHARACTERS') })
}

/** The stored form of an optional text: null when it is empty. */
export function emptyToNull(text: string | null | undefined): string | null {
  return text ? text : null
}
