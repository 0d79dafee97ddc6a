import { expect, test } from 'vitest'
import { consoleDe } from './console.de.ts'
import { consoleEn } from './console.en.ts'
import { signInDe } from './signIn.de.ts'
import { signInEn } from './signIn.en.ts'

function texts(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string'
      ? [[`${path}${key}`, value] as [string, string]]
      : typeof value === 'object' && value !== null
        ? texts(value, `${path}${key}.`)
        : [],
  )
}
const named = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()

test.each([
  ['console', consoleEn, consoleDe],
  ['sign-in', signInEn, signInDe],
])('the %s has the same texts with the same placeholders in both languages', (_name, en, de) => {
  const german = new Map(texts(de))
  const differing = texts(en).filter(
    ([key, text]) => JSON.stringify(named(text)) !== JSON.stringify(named(german.get(key) ?? '')),
  )
  expect(differing).toEqual([])
  expect(texts(de).filter(([, text]) => text.trim() === '')).toEqual([])
})
