import { emptySelection, selectMatching, setSelected } from '@roster/domain'
import { expect, test } from 'vitest'
import { countByHand, type MemberSelection, toChange } from './memberSelection.ts'
import { candidate } from './test.memberApi.ts'

const NONE: MemberSelection = emptySelection()
const [ann, ben, cem] = [candidate(1, { member: true }), candidate(2), candidate(3, { role: 'manager' })]
const isMember = ({ member }: { member: boolean }) => member

test('a save sends exactly the difference between the boxes and the members', () => {
  const selection = setSelected(setSelected(NONE, [ben, cem], true, isMember), [ann], false, isMember)
  expect(toChange(selection)).toEqual({ add: ['id-2', 'id-3'], remove: ['id-1'] })
  expect(countByHand(selection)).toEqual({ added: 2, removed: 1 })
  const back = setSelected(setSelected(selection, [ben, cem], false, isMember), [ann], true, isMember)
  expect(back).toEqual(NONE)
})

test('a box cleared after “select all” removes a member, and excludes another user', () => {
  const selection = setSelected(selectMatching(NONE, { role: ['default'] }), [ann, ben], false, () => true)
  expect(toChange(selection)).toEqual({
    add: { matching: [{ role: ['default'] }], ids: [], except: ['id-1', 'id-2'] },
    remove: ['id-1'],
  })
  expect(countByHand(selection)).toEqual({ added: -1, removed: 1 })
})

test('a user that another console added or removed since is no change', () => {
  const users = new Map([[ben.id, { ...ben, member: true }]])
  const except = new Map([[ann.id, { ...ann, member: false }]])
  expect(toChange({ users, matching: [], except })).toEqual({ add: [], remove: [] })
  expect(countByHand({ users, matching: [], except })).toEqual({ added: 0, removed: 0 })
})
