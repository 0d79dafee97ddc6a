import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as z from 'zod'
import * as domain from '../index.ts'
import {
  decodeProblem,
  FIELD_PROBLEMS,
  type FieldProblemCode,
  fieldIssue,
  problem,
  problemSentence,
} from './fieldProblem.ts'
import { fieldIssues } from './inputIssues.ts'

const SCHEMAS = Object.entries(domain).flatMap(([name, each]) =>
  each instanceof z.ZodType ? [[name, each] as const] : [],
)
const PARAMS = { min: 2, max: 64, minutes: 5, days: 365, megabytes: 4, name: 'x' }

/** Every error text that a schema, its parts and its checks name. */
function errorTexts(root: unknown): Set<string> {
  const found = new Set<string>()
  const visited = new Set<object>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || visited.has(value)) return
    visited.add(value)
    const zod: unknown = Reflect.get(value, '_zod')
    const def: unknown = typeof zod === 'object' && zod !== null ? Reflect.get(zod, 'def') : undefined
    if (typeof def === 'object' && def !== null) {
      const error: unknown = Reflect.get(def, 'error')
      const text: unknown = typeof error === 'function' ? error({ code: 'custom', input: '' }) : undefined
      if (typeof text === 'string') found.add(text)
      visit(def)
    }
    if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype || def !== undefined)
      for (const part of Object.values(value)) visit(part)
  }
  visit(root)
  return found
}

test.each(SCHEMAS)('%s names only problems of the catalogue', (_name, schema) => {
  for (const text of errorTexts(schema)) expect(decodeProblem(text), text).toBeDefined()
})

test('the walk finds the problems of the schemas', () => {
  expect(SCHEMAS.length).toBeGreaterThan(60)
  const codes = new Set(
    SCHEMAS.flatMap(([, schema]) => [...errorTexts(schema)].map((text) => decodeProblem(text)?.code)),
  )
  expect(codes.size).toBeGreaterThan(35)
})

/** Inputs near the valid ones: objects with the schema's own keys, and any JSON in them. */
function inputsOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  const shape: unknown = Reflect.get(schema, 'shape')
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.constantFrom('', 'x'.repeat(5000), -1, 1e300, undefined),
  )
  if (typeof shape !== 'object' || shape === null) return value
  return fc.oneof(
    value,
    fc.record(Object.fromEntries(Object.keys(shape).map((key) => [key, value])), { requiredKeys: [] }),
  )
}

test.each(SCHEMAS)('%s rejects bad input with sentences of the catalogue alone', (_name, schema) => {
  fc.assert(
    fc.property(inputsOf(schema), (input) => {
      const { error } = schema.safeParse(input)
      for (const issue of error ? fieldIssues(error) : []) {
        expect(Object.keys(FIELD_PROBLEMS)).toContain(issue.code)
        expect(issue.message).toBe(problemSentence(issue))
        if (issue.code !== 'UNKNOWN_FIELD')
          expect(issue.message).not.toMatch(/undefined|NaN|expected|received|Invalid|Unrecognized|\{/u)
      }
    }),
    { numRuns: 40 },
  )
})

test('what zod finds by itself becomes a problem of the catalogue', () => {
  const schema = z.strictObject({
    text: z.string().max(3),
    list: z.array(z.int()).max(1),
    count: z.int().min(2),
    kind: z.enum(['a']),
    flag: z.boolean(),
  })
  const { error } = schema.safeParse({ text: 'long', list: [1, 2], count: 1, kind: 'b', flag: 'x', extra: 1, more: 2 })
  expect(error && fieldIssues(error)).toEqual([
    fieldIssue(['text'], 'TOO_LONG', { max: 3 }),
    fieldIssue(['list'], 'TOO_MANY', { max: 1 }),
    fieldIssue(['count'], 'NUMBER_TOO_SMALL', { min: 2 }),
    fieldIssue(['kind'], 'INVALID_VALUE'),
    fieldIssue(['flag'], 'INVALID_VALUE'),
    fieldIssue([], 'UNKNOWN_FIELD', { name: 'extra, more' }),
  ])
})

test('an unknown field’s name is cut, so that the answer stays small', () => {
  const { error } = z.strictObject({}).safeParse({ ['🙂'.repeat(5000)]: 1 })
  const [issue] = error ? fieldIssues(error) : []
  expect(issue?.message.length).toBeLessThan(200)
  expect(issue?.message.isWellFormed()).toBe(true)
})

test('an empty username is asked for, and a short one is too short', () => {
  expect(domain.username.safeParse('').error?.issues.map(({ message }) => decodeProblem(message)?.code)).toEqual([
    'REQUIRED_USERNAME',
  ])
  expect(domain.username.safeParse('a').error?.issues.map(({ message }) => decodeProblem(message)?.code)).toEqual([
    'TOO_SHORT',
  ])
})

test('code and parameters come back as they were written', () => {
  const params = fc.dictionary(
    fc.string(),
    fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  )
  fc.assert(
    fc.property(fc.constantFrom(...(Object.keys(FIELD_PROBLEMS) as FieldProblemCode[])), params, (code, given) => {
      const write = problem as (code: FieldProblemCode, params: object) => string
      expect(decodeProblem(write(code, given))).toEqual({ code, params: JSON.parse(JSON.stringify(given)) })
    }),
  )
})

test.each(['', 'Invalid input', 'TOO_LONG', 'NO_SUCH_CODE{}', 'constructor{}', 'toString{}', 'Enter a name.'])(
  '%j is no problem of the catalogue',
  (text) => {
    expect(decodeProblem(text)).toBeUndefined()
  },
)

test.each(Object.keys(FIELD_PROBLEMS) as FieldProblemCode[])('%s has a whole English sentence', (code) => {
  const text = problemSentence({ code, params: PARAMS } as Parameters<typeof problemSentence>[0])
  expect(text).toMatch(/^[A-Z].*\.$/u)
  expect(text).not.toMatch(/undefined|NaN/u)
})

test('replaces control and direction characters in the name of an unknown field', () => {
  const { error } = z.strictObject({}).safeParse({ 'a\u0000\u001b[31m\u202eb': 1 })
  expect(error && fieldIssues(error)).toMatchObject([
    { code: 'UNKNOWN_FIELD', params: { name: 'a\ufffd\ufffd[31m\ufffdb' } },
  ])
})

test('takes text that only looks like a problem for no problem', () => {
  for (const text of ['TOO_LONG{x}', 'NO_SUCH_CODE{}', 'constructor{}', '__proto__{}'])
    expect(decodeProblem(text)).toBeUndefined()
})
