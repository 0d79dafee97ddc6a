import { refuse } from '@roster/domain'
import { TRPCClientError } from '@trpc/client'
import { expect, test } from 'vitest'
import { useStale } from './useStale.ts'

function staleForm() {
  const filled: Record<string, string> = { displayName: 'John', about: '' }
  const state: Record<string, string> = { displayName: 'Johnny', about: '' }
  const stale = useStale(1, {
    read: (field) => state[field] ?? '',
    write: (field, value) => {
      state[field] = value
    },
    filled: (field) => filled[field] ?? '',
  })
  const { refusal } = refuse('STALE', {
    version: 4,
    at: '2026-11-24T08:00:00Z',
    by: { id: 'x', username: 'alex' },
    fields: [
      { field: 'displayName', theirs: 'J. Doe' },
      { field: 'about', theirs: 'Answers questions.' },
    ],
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

test('another failure is not taken for a newer version', () => {
  const stale = useStale(1, { read: () => '', write: () => undefined, filled: () => '' })
  expect(stale.caught(new Error('network'))).toBe(false)
})
