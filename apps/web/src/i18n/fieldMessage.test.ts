import { FIELD_PROBLEMS, type FieldProblem, type FieldProblemCode, fieldIssue } from '@roster/domain'
import { expect, test } from 'vitest'
import { fieldMessage } from './fieldMessage.ts'
import { switchLanguage } from './switchLanguage.ts'

const PARAMS = { min: 2, max: 64, minutes: 5, days: 365, megabytes: 4, name: 'x' }
const CODES = Object.keys(FIELD_PROBLEMS) as FieldProblemCode[]
const messageOf = (code: FieldProblemCode) => fieldMessage({ code, params: PARAMS } as FieldProblem)

test('every problem has a whole German sentence of its own', async () => {
  const english = CODES.map(messageOf)
  await switchLanguage('de')
  const german = CODES.map(messageOf)
  for (const text of german) expect(text).toMatch(/^\p{Lu}.*\.$/u)
  for (const text of german) expect(text).not.toMatch(/undefined|NaN|[{}]/u)
  expect(german.filter((text) => english.includes(text))).toEqual([])
})

test('numbers are written as the language writes them', async () => {
  expect(fieldMessage(fieldIssue([], 'NUMBER_TOO_LARGE', { max: 1_000_000 }))).toBe('At most 1,000,000.')
  await switchLanguage('de')
  expect(fieldMessage(fieldIssue([], 'NUMBER_TOO_LARGE', { max: 1_000_000 }))).toBe('Höchstens 1.000.000.')
})

test('a code that only a newer server knows has the server’s message', async () => {
  await switchLanguage('de')
  const issue = { code: 'FROM_A_NEWER_VERSION', params: {}, message: 'Use another value.' }
  expect(fieldMessage(issue as unknown as FieldProblem & { message: string })).toBe('Use another value.')
  expect(fieldMessage({ code: 'toString', params: {} } as unknown as FieldProblem)).toBe('Enter a valid value.')
})
