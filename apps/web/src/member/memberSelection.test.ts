import type { CandidateRow } from '@roster/domain'
import { expect, test } from 'vitest'
import type { CandidateMatch } from './candidateMatch.ts'
import {
  canCheckMatching,
  checkMatching,
  countChanges,
  drop,
  forgetCleared,
  isChecked,
  learn,
  type MemberSelection,
  NOTHING_SELECTED,
  recount,
  tick,
  toChange,
} from './memberSelection.ts'
import { user, WorkspaceServer } from './test.server.ts'

const [ann, ben, cem] = [user(1, { member: true }), user(2), user(3, { role: 'manager' })]

test('a save is exactly the difference between the boxes and the members', () => {
  const selection = tick(tick(NOTHING_SELECTED, [ben, cem], true), [ann], false)
  expect(toChange('w', selection)).toEqual({ workspaceId: 'w', add: ['id-2', 'id-3'], remove: ['id-1'] })
  expect(countChanges(selection)).toEqual({ added: 2, removed: 1 })
})

test('a box that goes back to where it was is no change', () => {
  expect(tick(tick(NOTHING_SELECTED, [ben], true), [ben], false)).toEqual(NOTHING_SELECTED)
  expect(tick(tick(NOTHING_SELECTED, [ann], false), [ann], true)).toEqual(NOTHING_SELECTED)
})

test('“select all” of more people than are loaded is sent as the filter, with whoever was cleared by hand left out', () => {
  const all = checkMatching(NOTHING_SELECTED, { role: ['default'] }, 800)
  const selection = tick(tick(all, [ben], false), [cem], true)
  expect(isChecked(selection, user(700))).toBe(true)
  expect(isChecked(selection, ben)).toBe(false)
  expect(countChanges(selection)).toEqual({ added: 800, removed: 0 })
  expect(toChange('w', selection)).toEqual({
    workspaceId: 'w',
    add: ['id-3'],
    remove: [],
    addMatching: { filter: { role: ['default'], member: false }, except: ['id-2'], expectedCount: 800 },
  })
})

test('a member whom “select all” finds and whose box is cleared is removed, and not added again by the same save', () => {
  const selection = tick(checkMatching(NOTHING_SELECTED, {}, 2), [ann], false)
  expect(toChange('w', selection)).toMatchObject({ remove: ['id-1'], addMatching: { except: [] } })
  expect(countChanges(selection)).toEqual({ added: 2, removed: 1 })
})

test('“select all” again ticks what was cleared by hand among those who match, and clears nobody else', () => {
  const cleared = tick(tick(NOTHING_SELECTED, [ann], false), [cem], true)
  const again = forgetCleared(cleared, { role: ['default'] }, 'all')
  expect(isChecked(again, ann)).toBe(true)
  expect(isChecked(again, cem)).toBe(true)
  expect(isChecked(forgetCleared(cleared, { role: ['manager'] }, 'all'), ann)).toBe(false)
  expect(isChecked(forgetCleared(cleared, {}, 'others'), ann)).toBe(false)
})

test('a second “select all” becomes the pending one only where one of both surely finds whom the other finds', () => {
  const managers = checkMatching(NOTHING_SELECTED, { role: ['manager'] }, 40)
  expect(canCheckMatching(managers, {})).toBe(true)
  expect(canCheckMatching(managers, { role: ['manager'], search: 'berg' })).toBe(true)
  expect(canCheckMatching(managers, { role: ['default'] })).toBe(false)
  // The narrower one is part of the wider, which stays.
  expect(checkMatching(managers, { role: ['manager'], search: 'berg' }, 3).matching).toEqual({ filter: { role: ['manager'] }, count: 40 })
})

test('what others save moves the boxes that nobody touched here, and none that somebody did', () => {
  const selection = tick(tick(NOTHING_SELECTED, [ben], true), [ann], false)
  const told = learn(selection, [
    { ...ben, member: true },
    { ...ann, member: false },
    { ...cem, member: true },
  ])
  expect(countChanges(told)).toEqual({ added: 0, removed: 0 })
  expect([isChecked(told, { ...ben, member: true }), isChecked(told, { ...ann, member: false }), isChecked(told, { ...cem, member: true })]).toEqual([
    true,
    false,
    true,
  ])
})

test('a person who is renamed or suspended meanwhile is known by what they are now', () => {
  const told = learn(tick(NOTHING_SELECTED, [ben], true), [{ ...ben, displayName: 'Ben', status: 'suspended' }])
  expect(told.chosen.get(ben.id)?.row).toMatchObject({ displayName: 'Ben', status: 'suspended' })
})

test('whoever is gone is dropped, and the rest stays', () => {
  expect(toChange('w', drop(tick(NOTHING_SELECTED, [ben, cem], true), ['id-2']))).toMatchObject({ add: ['id-3'], remove: [] })
})

/** The same numbers each time. */
function dice(seed: number): (sides: number) => number {
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
  { search: 'person.0001' },
]

function randomStep(selection: MemberSelection, server: WorkspaceServer, roll: (sides: number) => number): MemberSelection {
  const filter = FILTERS[roll(FILTERS.length)] ?? {}
  const some = server.users.filter(() => roll(6) === 0)
  switch (roll(5)) {
    case 0:
      return tick(selection, some, true)
    case 1:
      return tick(selection, some, false)
    case 2:
      return canCheckMatching(selection, filter)
        ? checkMatching(forgetCleared(selection, filter, 'all'), filter, server.find({ ...filter, member: false }).length)
        : selection
    case 3:
      // Somebody else saves, and this console hears of it.
      for (const { id } of some) server.put(id, roll(2) === 0)
      return told(selection, server)
    default: {
      const gone = server.users[roll(server.users.length)]
      if (!gone || server.users.length < 20) return selection
      server.delete(gone.id)
      return told(drop(selection, [gone.id]), server)
    }
  }
}
function told(selection: MemberSelection, server: WorkspaceServer): MemberSelection {
  const known = learn(selection, server.users)
  return recount(known, server.find({ ...known.matching?.filter, member: false }).length)
}

test('whatever is ticked, cleared, selected at once and saved by others meanwhile: a save leaves exactly those in whose boxes were ticked, and the counts say so', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const roll = dice(seed)
    const users = Array.from({ length: 30 }, (_, at): CandidateRow => user(at, { member: roll(3) === 0, role: roll(4) === 0 ? 'manager' : 'default' }))
    const server = new WorkspaceServer(users)
    let selection = NOTHING_SELECTED
    for (let step = 0; step < 25; step++) {
      selection = randomStep(selection, server, roll)
      const shown = server.users.filter((row) => isChecked(selection, row)).map(({ id }) => id)
      const copy = new WorkspaceServer(server.users)
      const { added, removed } = copy.change(toChange('w', selection))
      expect([seed, step, copy.members()]).toEqual([seed, step, shown])
      expect([seed, step, countChanges(selection)]).toEqual([seed, step, { added: added.length, removed: removed.length }])
    }
  }
})
