import {
  type AuditEntry,
  applyMembers,
  countMembersNow,
  type LockedWorkspace,
  lockUsers,
  matchingCandidates,
  recordChange,
  recordMembers,
  type Transaction,
  writeEnds,
} from '@roster/db'
import { type MembershipExpiry, type MemberUpdated, type memberUpdate, refuse } from '@roster/domain'
import type * as z from 'zod'
import { newBatchId } from '../call/batch.ts'
import type { Changing } from '../call/change.ts'
import { requireOtherManager } from './requireOtherManager.ts'

type Input = z.output<typeof memberUpdate>

/** The most people one save may add. */
const MOST = 10_000

/**
 * Save a difference of a workspace's members, whole or not at all. Who is already in (or already out) stays so and is counted as unchanged.
 * @throws BAD_INPUT, PREVIEW_OUTDATED, WORKSPACE_ARCHIVED when somebody would be added, UNKNOWN_IDS naming everybody who isn't there any more,
 * LAST_MANAGER_OF_WORKSPACE when the actor would take themselves out as the last manager who reaches it
 */
export async function updateMembers({ tx, actor, by, input, workspace, done }: Changing<Input> & { workspace: LockedWorkspace }): Promise<MemberUpdated> {
  const { id: workspaceId, organizationId } = workspace
  const matching = await selectMatching(tx, workspace, input)
  if (workspace.archivedAt && (input.add.length > 0 || input.addMatching)) throw refuse('WORKSPACE_ARCHIVED', { name: workspace.name })
  const ends = new Map((input.ends ?? []).map(({ userId, expiresAt }) => [userId, expiresAt]))
  const add = [...new Set([...input.add, ...matching])]
  if (add.length > MOST) throw tooMany('add')
  const { remove } = input
  if (remove.includes(actor.id)) await requireOtherManager(tx, actor, workspaceId)

  const held = await lockUsers(tx, organizationId, [...add, ...remove])
  const unknown = [...input.add, ...remove].filter((userId) => !held.has(userId))
  if (unknown.length > 0) throw refuse('UNKNOWN_IDS', { what: 'user', ids: unknown })
  if (!matching.every((userId) => held.has(userId))) throw refuse('PREVIEW_OUTDATED', {})

  const isPast = (userId: string): boolean => Date.parse(ends.get(userId) ?? '') <= Date.now()
  const alive = add.filter((userId) => !isPast(userId))
  const { added, removed, ends: taken } = await applyMembers(tx, { organizationId, workspaceId, add: alive, remove, addedById: actor.id })
  const given = added.flatMap((userId) => (ends.has(userId) ? [{ userId, expiresAt: ends.get(userId) ?? '' }] : []))
  await writeEnds(tx, workspaceId, given)
  const memberCount = await countMembersNow(tx, workspaceId)
  if (added.length + removed.length > 0) {
    const batchId = newBatchId()
    await recordMembers(tx, by, 'member.added', { organizationId, workspaceId, batchId }, added)
    await recordMembers(tx, by, 'member.removed', { organizationId, workspaceId, batchId }, removed)
    await recordChange(tx, by, 'member.setExpiry', given.map(asEntry(workspace, batchId)), [])
    // Who they were stands in the events of each, under the same batch id.
    const after = { added: added.length, removed: removed.length, memberCount }
    done({ organizationId, targetKind: 'workspace', targetId: workspaceId, targetName: workspace.name, workspaceId, batchId, after })
  }
  return { added, removed, unchanged: add.length + remove.length - added.length - removed.length, memberCount, ends: taken }
}

function asEntry({ id: workspaceId, organizationId }: LockedWorkspace, batchId: string) {
  return ({ userId, expiresAt }: MembershipExpiry): AuditEntry => ({
    organizationId,
    targetKind: 'user',
    targetId: userId,
    workspaceId,
    batchId,
    after: { expiresAt },
  })
}

/** Everybody whom “select all matching” adds: those who match now, but for those left out and those who are taken out by hand in the same save. */
async function selectMatching(tx: Transaction, workspace: LockedWorkspace, { addMatching, remove }: Input): Promise<string[]> {
  if (!addMatching) return []
  const { filter, except, expectedCount } = addMatching
  const matching = await matchingCandidates(tx, workspace, filter, MOST + 1)
  // Nobody can have seen more than the bound exactly.
  if (matching.length > MOST && expectedCount >= MOST) throw tooMany('addMatching')
  if (matching.length !== expectedCount) throw refuse('PREVIEW_OUTDATED', {})
  const left = new Set([...except, ...remove])
  return matching.filter((userId) => !left.has(userId))
}

function tooMany(field: 'add' | 'addMatching') {
  return refuse('BAD_INPUT', { issues: [{ path: [field], rule: 'too_big', message: 'At most 10,000 at once.' }] })
}
