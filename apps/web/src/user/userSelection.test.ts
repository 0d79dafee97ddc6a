import { expect, test } from 'vitest'
import { isSelected, NOBODY, pick, sizeOf, toSelection, type UserSelection, without } from './userSelection.ts'

const [ann, ben, cem] = ['ann', 'ben', 'cem'].map((username) => ({ id: `id-${username}`, username })) as [
  { id: string; username: string },
  { id: string; username: string },
  { id: string; username: string },
]
const everybody: UserSelection = { kind: 'matching', filter: { role: ['default'] }, except: new Map() }

test('people are picked one by one, and what is sent names exactly them', () => {
  const picked = pick(pick(NOBODY, [ann, ben], true), [ann], false)
  expect([ann, ben].map((each) => isSelected(picked, each))).toEqual([false, true])
  expect(sizeOf(picked, undefined)).toEqual({ count: 1, more: false })
  expect(toSelection(picked)).toEqual({ kind: 'ids', ids: ['id-ben'] })
})

test('“all that match” is the filter itself and whom one took out again, not a list of people', () => {
  const most = pick(everybody, [cem], false)
  expect([ann, cem].map((each) => isSelected(most, each))).toEqual([true, false])
  expect(sizeOf(most, { count: 240, more: false })).toEqual({ count: 239, more: false })
  expect(toSelection(most)).toEqual({ kind: 'matching', filter: { role: ['default'] }, except: ['id-cem'] })
  expect(toSelection(pick(most, [cem], true))).toEqual({ kind: 'matching', filter: { role: ['default'] }, except: [] })
})

test('more than can be counted stay “more than”, however many were taken out', () => {
  expect(sizeOf(pick(everybody, [ann], false), { count: 10_000, more: true })).toEqual({ count: 10_000, more: true })
  expect(sizeOf(everybody, undefined)).toBeUndefined()
})

test('whoever is gone is in no selection any more', () => {
  expect(toSelection(without(pick(NOBODY, [ann, ben], true), ['id-ann']))).toEqual({ kind: 'ids', ids: ['id-ben'] })
  expect(toSelection(without(pick(everybody, [ann, ben], false), ['id-ann']))).toMatchObject({ except: ['id-ben'] })
})
