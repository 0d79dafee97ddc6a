import { type ActivityEvent, findTargetNames, listActivity, toPageQuery } from '@roster/db'
import {
  type ActivityRow,
  type Actor,
  type AuditedValues,
  type Paged,
  READABLE_ACTIONS,
  type userActivity,
  type Visibility,
  visibilityOf,
} from '@roster/domain'
import type * as z from 'zod'
import type { Reading } from '../call/read.ts'

/** What somebody did, or what was done to them, as far as the reader sees the log. */
export async function activity({ services: { db }, actor, input }: Reading<z.output<typeof userActivity>>): Promise<Paged<ActivityRow>> {
  const expected = visibilityOf(actor)
  const read = READABLE_ACTIONS[actor.role]
  const only = read === 'all' ? undefined : read
  const { rows, ...page } = await listActivity(
    db.pool,
    { userId: input.userId, direction: input.direction, visibility: expected, only },
    toPageQuery(input.page),
  )
  const names = await findTargetNames(db.pool, expected, [...new Set(rows.flatMap(({ before, after }) => [...idsIn(before), ...idsIn(after)]))])
  return { ...page, rows: rows.map((event) => presentMember(actor, expected, event, names)) }
}

function presentMember({ id, organizationId }: Actor, expected: Visibility, event: ActivityEvent, names: ReadonlyMap<string, string>): ActivityRow {
  const { actorId, actorVisible, actorName, targetKind, targetId, targetVisible, targetName, workspaceId, workspaceName, at, address, before, after, ...rest } =
    event
  const hidden = actorId !== null && !actorVisible
  const known = [...new Set([...idsIn(before), ...idsIn(after)])].flatMap((id) => (names.has(id) ? [[id, names.get(id) ?? ''] as const] : []))
  // What somebody exported may reach beyond the reader's organization, by its filter and its number.
  const beyond = event.action === 'user.export' && actorId !== id
  const told = (values: AuditedValues | null) => (expected.user.kind === 'instance' ? values : beyond ? null : inside(values, organizationId, names))
  return {
    ...rest,
    at: at.toISOString(),
    // Whoever lies outside the reader's sight isn't named, and neither is where they are.
    actor: actorId === null ? null : hidden ? { id: null, name: null } : { id: actorId, name: actorName },
    address: hidden ? null : address,
    target: targetKind === null ? null : { kind: targetKind, id: targetKind === 'user' && !targetVisible ? null : targetId, name: targetName },
    workspace: workspaceId === null ? null : { id: workspaceName === null ? null : workspaceId, name: workspaceName },
    before: told(before),
    after: told(after),
    names: Object.fromEntries(known),
  }
}

/** The ids that an event's values hold, and that stand for a name. */
function idsIn(values: AuditedValues | null): string[] {
  const { organizationId, workspaceIds } = values ?? {}
  return [...(typeof organizationId === 'string' ? [organizationId] : []), ...(Array.isArray(workspaceIds) ? workspaceIds : [])]
}

/** What a manager may know of an event's values: nothing of another organization, and of workspaces those that they see. */
function inside(values: AuditedValues | null, organizationId: string, names: ReadonlyMap<string, string>): AuditedValues | null {
  if (typeof values?.organizationId === 'string' && values.organizationId !== organizationId) return null
  if (!Array.isArray(values?.workspaceIds)) return values
  return { ...values, workspaceIds: values.workspaceIds.filter((id) => names.has(id)) }
}
