import { expect, test } from 'vitest'
import {
  countSelected,
  EMPTY_SELECTION,
  isSelected,
  removeUsers,
  setSelected,
  toSelection,
  type UserSelection,
} from './userSelection.ts'

const [ann, ben, cem] = ['ann', 'ben', 'cem'].map((username) => ({ id: `id-${username}`, username })) as [
  { id: string; username: string },
  { id: string; username: string },
  { id: string; username: string },
]
const allMatching: UserSelection = { kind: 'matching', filter: { role: ['default'] }, except: new Map() }

test('sends exactly the ids of single selected users', () => {
  const selected = setSelected(setSelected(EMPTY_SELECTION, [ann, ben], true), [ann], false)
  expect([ann, ben].map((user) => isSelected(selected, user))).toEqual([false, true])
  expect(countSelected(selected, undefined)).toEqual({ count: 1, more: false })
  expect(toSelection(selected)).toEqual({ kind: 'ids', ids: ['id-ben'] })
})

test('sends “all matching” as the filter with exceptions, not as ids', () => {
  const allButOne = setSelected(allMatching, [cem], false)
  expect([ann, cem].map((user) => isSelected(allButOne, user))).toEqual([true, false])
  expect(countSelected(allButOne, { count: 240, more: false })).toEqual({ count: 239, more: false })
  expect(toSelection(allButOne)).toEqual({ kind: 'matching', filter: { role: ['default'] }, except: ['id-cem'] })
  expect(toSelection(setSelected(allButOne, [cem], true))).toEqual({
    kind: 'matching',
    filter: { role: ['default'] },
    except: [],
  })
})

test('keeps “more than” as the count despite exceptions', () => {
  expect(countSelected(setSelected(allMatching, [ann], false), { count: 10_000, more: true })).toEqual({
    count: 10_000,
    more: true,
  })
  expect(countSelected(allMatching, undefined)).toBeUndefined()
})

test('removes deleted users from either kind of selection', () => {
  expect(toSelection(removeUsers(setSelected(EMPTY_SELECTION, [ann, ben], true), ['id-ann']))).toEqual({
    kind: 'ids',
    ids: ['id-ben'],
  })
  expect(toSelection(removeUsers(setSelected(allMatching, [ann, ben], false), ['id-ann']))).toMatchObject({
    except: ['id-ben'],
  })
})
