import {
  type AuditEntry,
  applyMemberChanges,
  countCurrentMembers,
  type LockedWorkspace,
  lockUsers,
  setMemberExpiries,
} from '@roster/db'
import { type MembershipExpiry, type MemberUpdated, type memberUpdate, refuse } from '@roster/domain'
import type * as z from 'zod'
import { newBatchId } from '../call/batchId.ts'
import type { ChangeContext } from '../call/change.ts'
import { resolveChange } from './previewUpdate.ts'
import { requireOtherManager } from './requireOtherManager.ts'

type Input = z.output<typeof memberUpdate>

/**
 * Adds and removes members, all or none. A user who is already a member, or already not, counts as unchanged.
 * @throws BAD_INPUT, PREVIEW_OUTDATED, WORKSPACE_ARCHIVED when the call adds a user, UNKNOWN_IDS with all unknown
 * users, LAST_MANAGER_OF_WORKSPACE when the actor removes themselves as the last manager under assigned scope
 */
export async function updateMembers({
  tx,
  ctx,
  actor,
  by,
  input,
  workspace,
  record,
  unit,
}: ChangeContext<Input> & { workspace: LockedWorkspace }): Promise<MemberUpdated> {
  const { id: workspaceId, organizationId } = workspace
  const { remove } = input
  const { ids: given, matching } = input.add
  const { add, token } =
    matching.length === 0
      ? { add: given, token: input.token }
      : await resolveChange(tx, ctx.services.hmacKey, actor, workspace, input)
  if (token !== input.token) throw refuse('PREVIEW_OUTDATED', {})
  if (workspace.archivedAt && given.length + matching.length > 0)
    throw refuse('WORKSPACE_ARCHIVED', { name: workspace.name })
  const expiryOf = new Map((input.ends ?? []).map(({ userId, expiresAt }) => [userId, expiresAt]))
  if (remove.includes(actor.id)) await requireOtherManager(tx, actor, workspaceId)

  const locked = await lockUsers(tx, organizationId, [...add, ...remove])
  const unknown = [...given, ...remove].filter((userId) => !locked.has(userId))
  if (unknown.length > 0) throw refuse('UNKNOWN_IDS', { what: 'user', ids: unknown })
  if (!add.every((userId) => locked.has(userId))) throw refuse('PREVIEW_OUTDATED', {})

  const isExpired = (userId: string): boolean => Date.parse(expiryOf.get(userId) ?? '') <= Date.now()
  const current = add.filter((userId) => !isExpired(userId))
  const {
    added,
    removed,
    expiries: removedExpiries,
  } = await applyMemberChanges(tx, { organizationId, workspaceId, add: current, remove, addedById: actor.id })
  const addedExpiries = added.flatMap((userId) =>
    expiryOf.has(userId) ? [{ userId, expiresAt: expiryOf.get(userId) ?? '' }] : [],
  )
  await setMemberExpiries(tx, workspaceId, addedExpiries)
  const memberCount = await countCurrentMembers(tx, workspaceId)
  if (added.length + removed.length > 0) {
    const batchId = newBatchId()
    const at = { organizationId, workspaceId, batchId }
    unit.recordMembers(by, 'member.added', { ...at, userIds: added })
    unit.recordMembers(by, 'member.removed', { ...at, userIds: removed })
    unit.record(by, 'member.setExpiry', ...addedExpiries.map(expiryEntry(workspace, batchId)))
    // The users are in one event each, under the same batch id.
    const after = { added: added.length, removed: removed.length, memberCount }
    record({
      organizationId,
      targetKind: 'workspace',
      targetId: workspaceId,
      targetName: workspace.name,
      workspaceId,
      batchId,
      after,
    })
  }
  return {
    added,
    removed,
    unchanged: add.length + remove.length - added.length - removed.length,
    memberCount,
    ends: removedExpiries,
  }
}

function expiryEntry({ id: workspaceId, organizationId }: LockedWorkspace, batchId: string) {
  return ({ userId, expiresAt }: MembershipExpiry): AuditEntry => ({
    organizationId,
    targetKind: 'user',
    targetId: userId,
    workspaceId,
    batchId,
    after: { expiresAt },
    silent: true,
  })
}
