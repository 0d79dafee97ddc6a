import { expect, test } from 'vitest'
import {
  countSelected,
  emptySelection,
  isEmptySelection,
  isSelected,
  refreshUsers,
  removeUsers,
  type Selection,
  selectionOf,
  selectMatching,
  setSelected,
  toSelectionInput,
} from './selection.ts'
import { userFilter } from './user/user.ts'

type User = { id: string; username: string }
const [ann, ben, cem] = ['ann', 'ben', 'cem'].map((username) => ({ id: `id-${username}`, username })) as [
  User,
  User,
  User,
]
const NONE: Selection<object, User> = emptySelection()
const ALL = selectMatching(NONE, { role: ['default'] })
const none = () => false
const all = () => true

test('users selected by hand are sent as ids', () => {
  const selection = setSelected(setSelected(NONE, [ann, ben], true, none), [ann], false, none)
  expect([ann, ben].map((user) => isSelected(selection, user, false))).toEqual([false, true])
  expect(countSelected(selection, undefined)).toEqual({ count: 1, more: false })
  expect(toSelectionInput(selection)).toEqual(['id-ben'])
  expect(isEmptySelection(setSelected(selection, [ben], false, none))).toBe(true)
})

test('“all matching” is sent as its filters, with the users who were cleared, and those selected besides', () => {
  const selection = setSelected(setSelected(ALL, [cem], false, all), [ann], true, none)
  expect([isSelected(selection, ann, false), isSelected(selection, ben, true)]).toEqual([true, true])
  expect(isSelected(selection, cem, true)).toBe(false)
  expect(countSelected(selection, { count: 240, more: false })).toEqual({ count: 240, more: false })
  expect(toSelectionInput(selection)).toEqual({
    matching: [{ role: ['default'] }],
    ids: ['id-ann'],
    except: ['id-cem'],
  })
  expect(setSelected(setSelected(selection, [cem], true, all), [ann], false, none)).toEqual(ALL)
})

test('a second “all matching” adds to the first, and selects again the cleared users it matches', () => {
  const cleared = setSelected(ALL, [ann, ben], false, all)
  expect(toSelectionInput(selectMatching(cleared, { search: 'ann' }, ['id-ann']))).toEqual({
    matching: [{ role: ['default'] }, { search: 'ann' }],
    ids: [],
    except: ['id-ben'],
  })
  expect(selectMatching(ALL, { role: ['default'] }).matching).toHaveLength(1)
})

test('“more than” stays the count despite exceptions, and no count is known before the total', () => {
  expect(countSelected(setSelected(ALL, [ann], false, all), { count: 10_000, more: true })).toEqual({
    count: 10_000,
    more: true,
  })
  expect(countSelected(ALL, undefined)).toBeUndefined()
})

test('users who no longer exist leave the selection, and the others follow the server', () => {
  const byHand = setSelected(NONE, [ann, ben], true, none)
  expect(toSelectionInput(removeUsers(byHand, ['id-ann']))).toEqual(['id-ben'])
  expect(toSelectionInput(removeUsers(setSelected(ALL, [ann, ben], false, all), ['id-ann']))).toMatchObject({
    except: ['id-ben'],
  })
  expect(refreshUsers(byHand, [{ ...ann, username: 'anna' }]).users.get('id-ann')?.username).toBe('anna')
  expect(refreshUsers(byHand, [{ ...ann }, cem])).toBe(byHand)
})

test('a call takes ids, or filters with exceptions, and a problem names its field', () => {
  const schema = selectionOf(userFilter)
  const [id, other] = ['018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-000000000002'] as const
  expect(schema.parse([id.toUpperCase(), id])).toEqual({ ids: [id], matching: [], except: [] })
  expect(schema.parse({ matching: [{}], except: [other] })).toEqual({ ids: [], matching: [{}], except: [other] })
  for (const invalid of [{}, { matching: [] }, { ids: [id] }, { matching: [{ name: 'x' }] }, 'all', null, [7]])
    expect(schema.safeParse(invalid).success, JSON.stringify(invalid)).toBe(false)
})
