import * as domain from '@roster/domain'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { fieldDe } from './field.de.ts'
import { fieldMessage, fieldMessageKey } from './fieldMessage.ts'
import { speak } from './speak.ts'

/** Every sentence that a schema, its parts and its checks may say about a field. */
function sentences(root: unknown): Set<string> {
  const found = new Set<string>()
  const seen = new Set<object>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    const zod: unknown = Reflect.get(value, '_zod')
    const def: unknown = typeof zod === 'object' && zod !== null ? Reflect.get(zod, 'def') : undefined
    if (typeof def === 'object' && def !== null) {
      const error: unknown = Reflect.get(def, 'error')
      if (typeof error === 'function') {
        const said: unknown = error({ code: 'custom', input: '' })
        if (typeof said === 'string') found.add(said)
      }
      visit(def)
    }
    if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype || def !== undefined) for (const part of Object.values(value)) visit(part)
  }
  visit(root)
  return found
}

const all = new Set(Object.values(domain).flatMap((each) => (each instanceof z.ZodType ? [...sentences(each)] : [])))

test('every sentence of the domain about a field has its German one', () => {
  expect(all.size).toBeGreaterThan(15)
  expect([...all].filter((english) => !(fieldMessageKey(english) in fieldDe))).toEqual([])
})

test('no German sentence is left over from one that the domain no longer says', () => {
  const keys = new Set([...all].map(fieldMessageKey))
  expect(Object.keys(fieldDe).filter((key) => !keys.has(key))).toEqual([])
})

test('a translated sentence keeps its numbers, written as the language does', async () => {
  await speak('de')
  expect(fieldMessage('At most 64 characters.')).toBe('Höchstens 64 Zeichen.')
  expect(fieldMessage('At most 1,000,000.')).toBe('Höchstens 1.000.000.')
  expect(fieldMessage('Only a–z, 0–9, dot, underscore and hyphen.')).toBe('Nur a–z, 0–9, Punkt, Unterstrich und Bindestrich.')
})

test('what zod says by itself never reaches a person', () => {
  expect(fieldMessage('Invalid input: expected string, received number')).toBe('This is not valid.')
})
