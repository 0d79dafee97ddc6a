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

function conflictingForm(newer = NEWER) {
  const saved: Record<string, string> = { displayName: 'John', about: '' }
  const state: Record<string, string> = { displayName: 'Johnny', about: '' }
  const conflict = useConflict(1, {
    read: (field) => state[field] ?? '',
    write: (field, value) => {
      state[field] = value
    },
    saved: (field) => saved[field] ?? '',
  })
  const { refusal } = refuse('CONFLICT', {
    at: '2026-11-24T08:00:00Z',
    by: { id: 'x', username: 'alex' },
    ...newer,
  })
  const handled = conflict.handle(
    TRPCClientError.from({ error: { message: '', code: -32009, data: { refusal, requestId: 'r' } } }),
  )
  return { state, conflict, handled }
}

test('keeps the input on a conflict, and takes newer values for untouched fields', () => {
  const { state, conflict, handled } = conflictingForm()
  expect(handled).toBe(true)
  expect(state).toEqual({ displayName: 'Johnny', about: 'Answers questions.' })
  expect(conflict.fields.value.map(({ field, kept }) => [field, kept])).toEqual([
    ['displayName', 'mine'],
    ['about', 'theirs'],
  ])
  expect(conflict.version.value).toBe(4)
})

test('lets the user choose a value for each field, and change the choice', () => {
  const { state, conflict } = conflictingForm()
  conflict.keep('displayName', 'theirs')
  expect(state['displayName']).toBe('J. Doe')
  conflict.keep('displayName', 'mine')
  expect(state['displayName']).toBe('Johnny')
})

test('reports no conflict for a field that the other save left unchanged', () => {
  const { state, conflict } = conflictingForm({ version: 2, fields: [{ field: 'displayName', theirs: 'John' }] })
  expect(conflict.fields.value).toEqual([])
  expect(state['displayName']).toBe('Johnny')
  expect(conflict.version.value).toBe(2)
})

test('leaves other errors to the caller', () => {
  const conflict = useConflict(1, { read: () => '', write: () => undefined, saved: () => '' })
  expect(conflict.handle(new Error('network'))).toBe(false)
})
