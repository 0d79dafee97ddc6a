import type { BulkResultRow } from '@roster/domain'
import { expect, test } from 'vitest'
import { undoSteps } from './bulkUndo.ts'

const suspended = (userId: string, statusVersion: number): BulkResultRow => ({ ...row(userId), statusVersion })

function row(
  userId: string,
  before?: BulkResultRow['before'],
  outcome: BulkResultRow['outcome'] = 'changed',
): BulkResultRow {
  return { userId, username: userId, outcome, refusal: null, ...(before ? { before } : {}) }
}

test('undoes only rows that changed', () => {
  expect(
    undoSteps({ kind: 'suspend' }, [
      suspended('ann', 2),
      row('ben', undefined, 'nothing'),
      row('cem', undefined, 'refused'),
    ]),
  ).toEqual([{ ids: ['ann'], action: { kind: 'reactivate', expectedVersion: 2 } }])
  expect(undoSteps({ kind: 'reactivate' }, [suspended('ann', 3)])).toEqual([
    { ids: ['ann'], action: { kind: 'suspend', expectedVersion: 3 } },
  ])
})

test('expects the status version of each user', () => {
  expect(undoSteps({ kind: 'suspend' }, [suspended('ann', 2), suspended('ben', 4), suspended('cem', 2)])).toEqual([
    { ids: ['ann', 'cem'], action: { kind: 'reactivate', expectedVersion: 2 } },
    { ids: ['ben'], action: { kind: 'reactivate', expectedVersion: 4 } },
  ])
})

test('restores each former limit, and expects the limit that was set', () => {
  const rows = [row('ann', { dailyLimit: null }), row('ben', { dailyLimit: 5 }), row('cem', { dailyLimit: 5 })]
  expect(undoSteps({ kind: 'setLimit', dailyLimit: 10 }, rows)).toEqual([
    { ids: ['ann'], action: { kind: 'setLimit', dailyLimit: null, expected: 10 } },
    { ids: ['ben', 'cem'], action: { kind: 'setLimit', dailyLimit: 5, expected: 10 } },
  ])
})

test('restores the limit of a former administrator after the role', () => {
  const rows = [row('ann', { role: 'default', dailyLimit: 7 }), row('ben', { role: 'manager', dailyLimit: null })]
  expect(undoSteps({ kind: 'setRole', role: 'administrator' }, rows)).toEqual([
    { ids: ['ann'], action: { kind: 'setRole', role: 'default', expected: 'administrator' } },
    { ids: ['ben'], action: { kind: 'setRole', role: 'manager', expected: 'administrator' } },
    { ids: ['ann'], action: { kind: 'setLimit', dailyLimit: 7, expected: null } },
  ])
})

test('removes users only from the workspaces they were added to', () => {
  const rows = [row('ann', { workspaceIds: ['x', 'y'] }), row('ben', { workspaceIds: ['y'] })]
  expect(undoSteps({ kind: 'addToWorkspaces', workspaceIds: ['x', 'y', 'z'] }, rows)).toEqual([
    { ids: ['ann'], action: { kind: 'removeFromWorkspaces', workspaceIds: ['x'] } },
    { ids: ['ann', 'ben'], action: { kind: 'removeFromWorkspaces', workspaceIds: ['y'] } },
  ])
  expect(undoSteps({ kind: 'removeFromWorkspaces', workspaceIds: ['x'] }, rows)).toEqual([
    { ids: ['ann'], action: { kind: 'addToWorkspaces', workspaceIds: ['x'] } },
  ])
})

test('restores a removed membership with its former expiry', () => {
  const expiresAt = '2027-01-31T23:00:00.000Z'
  const rows = [
    row('ann', { workspaceIds: ['x', 'y'], ends: [{ workspaceId: 'x', expiresAt }] }),
    row('ben', { workspaceIds: ['x'] }),
    row('cem', { workspaceIds: ['x'], ends: [{ workspaceId: 'x', expiresAt }] }),
  ]
  expect(undoSteps({ kind: 'removeFromWorkspaces', workspaceIds: ['x', 'y'] }, rows)).toEqual([
    { ids: ['ann', 'cem'], action: { kind: 'addToWorkspaces', workspaceIds: ['x'], expiresAt } },
    { ids: ['ben'], action: { kind: 'addToWorkspaces', workspaceIds: ['x'] } },
    { ids: ['ann'], action: { kind: 'addToWorkspaces', workspaceIds: ['y'] } },
  ])
})

test('returns no steps for actions that can’t be undone', () => {
  expect(undoSteps({ kind: 'delete' }, [row('ann')])).toEqual([])
  expect(undoSteps({ kind: 'signOut' }, [row('ann')])).toEqual([])
})
