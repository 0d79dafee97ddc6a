import type { CandidateRow } from '@roster/domain'
import { expect, test } from 'vitest'
import type { CandidateMatch } from './candidateMatch.ts'
import {
  canSelectMatching,
  countChanges,
  EMPTY_SELECTION,
  isChecked,
  type MemberSelection,
  removeOverrides,
  resetCleared,
  selectMatching,
  setChecked,
  setMatchingCount,
  syncRows,
  toMemberUpdate,
} from './memberSelection.ts'
import { candidate, MemberApi } from './test.memberApi.ts'

const [ann, ben, cem] = [candidate(1, { member: true }), candidate(2), candidate(3, { role: 'manager' })]

test('a save sends exactly the difference between the boxes and the members', () => {
  const selection = setChecked(setChecked(EMPTY_SELECTION, [ben, cem], true), [ann], false)
  expect(toMemberUpdate('w', selection)).toEqual({ workspaceId: 'w', add: ['id-2', 'id-3'], remove: ['id-1'] })
  expect(countChanges(selection)).toEqual({ added: 2, removed: 1 })
})

test('a box that returns to its default is not a change', () => {
  expect(setChecked(setChecked(EMPTY_SELECTION, [ben], true), [ben], false)).toEqual(EMPTY_SELECTION)
  expect(setChecked(setChecked(EMPTY_SELECTION, [ann], false), [ann], true)).toEqual(EMPTY_SELECTION)
})

test('“select all” of more users than are loaded sends the filter, with the users cleared by hand as exceptions', () => {
  const all = selectMatching(EMPTY_SELECTION, { role: ['default'] }, 800)
  const selection = setChecked(setChecked(all, [ben], false), [cem], true)
  expect(isChecked(selection, candidate(700))).toBe(true)
  expect(isChecked(selection, ben)).toBe(false)
  expect(countChanges(selection)).toEqual({ added: 800, removed: 0 })
  expect(toMemberUpdate('w', selection)).toEqual({
    workspaceId: 'w',
    add: ['id-3'],
    remove: [],
    addMatching: { filter: { role: ['default'], member: false }, except: ['id-2'], expectedCount: 800 },
  })
})

test('a save removes a matching member that was cleared after “select all”, and does not add it again', () => {
  const selection = setChecked(selectMatching(EMPTY_SELECTION, {}, 2), [ann], false)
  expect(toMemberUpdate('w', selection)).toMatchObject({ remove: ['id-1'], addMatching: { except: [] } })
  expect(countChanges(selection)).toEqual({ added: 2, removed: 1 })
})

test('a repeated “select all” checks the matching boxes that were cleared by hand, and clears none', () => {
  const cleared = setChecked(setChecked(EMPTY_SELECTION, [ann], false), [cem], true)
  const again = resetCleared(cleared, { role: ['default'] }, 'all')
  expect(isChecked(again, ann)).toBe(true)
  expect(isChecked(again, cem)).toBe(true)
  expect(isChecked(resetCleared(cleared, { role: ['manager'] }, 'all'), ann)).toBe(false)
  expect(isChecked(resetCleared(cleared, {}, 'nonMembers'), ann)).toBe(false)
})

test('a second “select all” becomes the pending one only if one filter covers the other', () => {
  const managers = selectMatching(EMPTY_SELECTION, { role: ['manager'] }, 40)
  expect(canSelectMatching(managers, {})).toBe(true)
  expect(canSelectMatching(managers, { role: ['manager'], search: 'berg' })).toBe(true)
  expect(canSelectMatching(managers, { role: ['default'] })).toBe(false)
  // The wider filter covers the narrower one, so it stays.
  expect(selectMatching(managers, { role: ['manager'], search: 'berg' }, 3).matching).toEqual({
    filter: { role: ['manager'] },
    count: 40,
  })
})

test('a save from another console moves boxes without an override, and no others', () => {
  const selection = setChecked(setChecked(EMPTY_SELECTION, [ben], true), [ann], false)
  const synced = syncRows(selection, [
    { ...ben, member: true },
    { ...ann, member: false },
    { ...cem, member: true },
  ])
  expect(countChanges(synced)).toEqual({ added: 0, removed: 0 })
  expect([
    isChecked(synced, { ...ben, member: true }),
    isChecked(synced, { ...ann, member: false }),
    isChecked(synced, { ...cem, member: true }),
  ]).toEqual([true, false, true])
})

test('an override keeps the current name and status of its user', () => {
  const synced = syncRows(setChecked(EMPTY_SELECTION, [ben], true), [
    { ...ben, displayName: 'Ben', status: 'suspended' },
  ])
  expect(synced.overrides.get(ben.id)?.row).toMatchObject({ displayName: 'Ben', status: 'suspended' })
})

test('removing a deleted user keeps the other overrides', () => {
  expect(toMemberUpdate('w', removeOverrides(setChecked(EMPTY_SELECTION, [ben, cem], true), ['id-2']))).toMatchObject({
    add: ['id-3'],
    remove: [],
  })
})

/** A seeded random number generator. */
function randomFrom(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * sides)
  }
}

const FILTERS: CandidateMatch[] = [
  {},
  { role: ['default'] },
  { role: ['manager'] },
  { role: ['default', 'manager'] },
  { search: '0002' },
  { search: 'user.0001' },
]

function randomStep(selection: MemberSelection, api: MemberApi, roll: (sides: number) => number): MemberSelection {
  const filter = FILTERS[roll(FILTERS.length)] ?? {}
  const some = api.users.filter(() => roll(6) === 0)
  switch (roll(5)) {
    case 0:
      return setChecked(selection, some, true)
    case 1:
      return setChecked(selection, some, false)
    case 2:
      return canSelectMatching(selection, filter)
        ? selectMatching(resetCleared(selection, filter, 'all'), filter, api.find({ ...filter, member: false }).length)
        : selection
    case 3:
      // Another console saves, and this one receives the change.
      for (const { id } of some) api.setMember(id, roll(2) === 0)
      return synced(selection, api)
    default: {
      const deleted = api.users[roll(api.users.length)]
      if (!deleted || api.users.length < 20) return selection
      api.deleteUser(deleted.id)
      return synced(removeOverrides(selection, [deleted.id]), api)
    }
  }
}
function synced(selection: MemberSelection, api: MemberApi): MemberSelection {
  const current = syncRows(selection, api.users)
  return setMatchingCount(current, api.find({ ...current.matching?.filter, member: false }).length)
}

test('after any changes here and in other consoles, a save leaves exactly the checked users as members, and the counts match', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const roll = randomFrom(seed)
    const users = Array.from(
      { length: 30 },
      (_, at): CandidateRow => candidate(at, { member: roll(3) === 0, role: roll(4) === 0 ? 'manager' : 'default' }),
    )
    const api = new MemberApi(users)
    let selection = EMPTY_SELECTION
    for (let step = 0; step < 25; step++) {
      selection = randomStep(selection, api, roll)
      const shown = api.users.filter((row) => isChecked(selection, row)).map(({ id }) => id)
      const copy = new MemberApi(api.users)
      const { added, removed } = copy.update(toMemberUpdate('w', selection))
      expect([seed, step, copy.memberIds()]).toEqual([seed, step, shown])
      expect([seed, step, countChanges(selection)]).toEqual([
        seed,
        step,
        { added: added.length, removed: removed.length },
      ])
    }
  }
})
