import type { BulkResultRow } from '@roster/domain'
import { expect, test } from 'vitest'
import { undoSteps } from './bulkUndo.ts'

const suspended = (userId: string, statusVersion: number): BulkResultRow => ({ ...row(userId), statusVersion })

function row(userId: string, before?: BulkResultRow['before'], outcome: BulkResultRow['outcome'] = 'changed'): BulkResultRow {
  return { userId, username: userId, outcome, refusal: null, ...(before ? { before } : {}) }
}

test('only who was really changed is changed back', () => {
  expect(undoSteps({ kind: 'suspend' }, [suspended('ann', 2), row('ben', undefined, 'nothing'), row('cem', undefined, 'refused')])).toEqual([
    { ids: ['ann'], action: { kind: 'reactivate', expectedVersion: 2 } },
  ])
  expect(undoSteps({ kind: 'reactivate' }, [suspended('ann', 3)])).toEqual([{ ids: ['ann'], action: { kind: 'suspend', expectedVersion: 3 } }])
})

test('a status is taken back over exactly the suspension that was made', () => {
  expect(undoSteps({ kind: 'suspend' }, [suspended('ann', 2), suspended('ben', 4), suspended('cem', 2)])).toEqual([
    { ids: ['ann', 'cem'], action: { kind: 'reactivate', expectedVersion: 2 } },
    { ids: ['ben'], action: { kind: 'reactivate', expectedVersion: 4 } },
  ])
})

test('each gets back the limit they had, unless it was changed again', () => {
  const rows = [row('ann', { dailyLimit: null }), row('ben', { dailyLimit: 5 }), row('cem', { dailyLimit: 5 })]
  expect(undoSteps({ kind: 'setLimit', dailyLimit: 10 }, rows)).toEqual([
    { ids: ['ann'], action: { kind: 'setLimit', dailyLimit: null, expected: 10 } },
    { ids: ['ben', 'cem'], action: { kind: 'setLimit', dailyLimit: 5, expected: 10 } },
  ])
})

test('whoever became an administrator gets back role and limit, in this order', () => {
  const rows = [row('ann', { role: 'default', dailyLimit: 7 }), row('ben', { role: 'manager', dailyLimit: null })]
  expect(undoSteps({ kind: 'setRole', role: 'administrator' }, rows)).toEqual([
    { ids: ['ann'], action: { kind: 'setRole', role: 'default', expected: 'administrator' } },
    { ids: ['ben'], action: { kind: 'setRole', role: 'manager', expected: 'administrator' } },
    { ids: ['ann'], action: { kind: 'setLimit', dailyLimit: 7, expected: null } },
  ])
})

test('people leave exactly the workspaces that they were put into', () => {
  const rows = [row('ann', { workspaceIds: ['x', 'y'] }), row('ben', { workspaceIds: ['y'] })]
  expect(undoSteps({ kind: 'addToWorkspaces', workspaceIds: ['x', 'y', 'z'] }, rows)).toEqual([
    { ids: ['ann'], action: { kind: 'removeFromWorkspaces', workspaceIds: ['x'] } },
    { ids: ['ann', 'ben'], action: { kind: 'removeFromWorkspaces', workspaceIds: ['y'] } },
  ])
  expect(undoSteps({ kind: 'removeFromWorkspaces', workspaceIds: ['x'] }, rows)).toEqual([
    { ids: ['ann'], action: { kind: 'addToWorkspaces', workspaceIds: ['x'] } },
  ])
})

test('whoever comes back into a workspace has the end that they had, and no more', () => {
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

test('what can’t be taken back offers nothing', () => {
  expect(undoSteps({ kind: 'delete' }, [row('ann')])).toEqual([])
  expect(undoSteps({ kind: 'signOut' }, [row('ann')])).toEqual([])
})
