import { refuse } from '@roster/domain'
import { TRPCClientError } from '@trpc/client'
import { expect, test } from 'vitest'
import { useConflict } from './useConflict.ts'

const NEWER = {
  version: 4,
  fields: [
    { field: 'displayName', theirs: 'J. Doe' },
    { field: 'about', theirs: 'Answers questions.' },
  ],
}

function staleForm(newer = NEWER) {
  const filled: Record<string, string> = { displayName: 'John', about: '' }
  const state: Record<string, string> = { displayName: 'Johnny', about: '' }
  const stale = useConflict(1, {
    read: (field) => state[field] ?? '',
    write: (field, value) => {
      state[field] = value
    },
    filled: (field) => filled[field] ?? '',
  })
  const { refusal } = refuse('CONFLICT', {
    at: '2026-11-24T08:00:00Z',
    by: { id: 'x', username: 'alex' },
    ...newer,
  })
  const caught = stale.caught(TRPCClientError.from({ error: { message: '', code: -32009, data: { refusal, requestId: 'r' } } }))
  return { state, stale, caught }
}

test('a save over a newer version keeps what was typed, and takes over what nobody touched here', () => {
  const { state, stale, caught } = staleForm()
  expect(caught).toBe(true)
  expect(state).toEqual({ displayName: 'Johnny', about: 'Answers questions.' })
  expect(stale.fields.value.map(({ field, kept }) => [field, kept])).toEqual([
    ['displayName', 'mine'],
    ['about', 'theirs'],
  ])
  expect(stale.version.value).toBe(4)
})

test('theirs or mine can be chosen for each field, and taken back', () => {
  const { state, stale } = staleForm()
  stale.keep('displayName', 'theirs')
  expect(state['displayName']).toBe('J. Doe')
  stale.keep('displayName', 'mine')
  expect(state['displayName']).toBe('Johnny')
})

test('a field that the other save left as it was is no conflict: what was typed is kept without asking', () => {
  const { state, stale } = staleForm({ version: 2, fields: [{ field: 'displayName', theirs: 'John' }] })
  expect(stale.fields.value).toEqual([])
  expect(state['displayName']).toBe('Johnny')
  expect(stale.version.value).toBe(2)
})

test('another failure is not taken for a newer version', () => {
  const stale = useConflict(1, { read: () => '', write: () => undefined, filled: () => '' })
  expect(stale.caught(new Error('network'))).toBe(false)
})
