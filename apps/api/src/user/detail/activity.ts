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
import type { ReadContext } from '../../call/read.ts'

/**
 * A page of a user's activity: events by the user, or events with the user as target, within the reader's visibility.
 */
export async function activity({
  services: { db },
  actor,
  input,
}: ReadContext<z.output<typeof userActivity>>): Promise<Paged<ActivityRow>> {
  const visibility = visibilityOf(actor)
  const readable = READABLE_ACTIONS[actor.role]
  const only = readable === 'all' ? undefined : readable
  const { rows, ...page } = await listActivity(
    db.pool,
    { userId: input.userId, direction: input.direction, visibility, only },
    toPageQuery(input.page),
  )
  const names = await findTargetNames(db.pool, visibility, [
    ...new Set(rows.flatMap(({ before, after }) => [...idsIn(before), ...idsIn(after)])),
  ])
  return { ...page, rows: rows.map((event) => presentEvent(actor, visibility, event, names)) }
}

function presentEvent(
  { id, organizationId }: Actor,
  visibility: Visibility,
  event: ActivityEvent,
  names: ReadonlyMap<string, string>,
): ActivityRow {
  const {
    actorId,
    actorVisible,
    actorName,
    targetKind,
    targetId,
    targetVisible,
    targetName,
    workspaceId,
    workspaceName,
    at,
    address,
    before,
    after,
    ...rest
  } = event
  const hidden = actorId !== null && !actorVisible
  const visibleNames = [...new Set([...idsIn(before), ...idsIn(after)])].flatMap((id) =>
    names.has(id) ? [[id, names.get(id) ?? ''] as const] : [],
  )
  // The filter and the count of another user's export may cover more than the reader's organization.
  const isForeignExport = event.action === 'user.export' && actorId !== id
  const redact = (values: AuditedValues | null) =>
    visibility.user.kind === 'instance' ? values : isForeignExport ? null : redactValues(values, organizationId, names)
  return {
    ...rest,
    at: at.toISOString(),
    // An actor outside the reader's visibility gets neither a name nor an address.
    actor: actorId === null ? null : hidden ? { id: null, name: null } : { id: actorId, name: actorName },
    address: hidden ? null : address,
    target:
      targetKind === null
        ? null
        : { kind: targetKind, id: targetKind === 'user' && !targetVisible ? null : targetId, name: targetName },
    workspace: workspaceId === null ? null : { id: workspaceName === null ? null : workspaceId, name: workspaceName },
    before: redact(before),
    after: redact(after),
    names: Object.fromEntries(visibleNames),
  }
}

/** The ids in an event's values that a screen shows by name. */
function idsIn(values: AuditedValues | null): string[] {
  const { organizationId, workspaceIds } = values ?? {}
  return [
    ...(typeof organizationId === 'string' ? [organizationId] : []),
    ...(Array.isArray(workspaceIds) ? workspaceIds : []),
  ]
}

/** Removes from an event's values another organization and the workspaces outside the reader's visibility. */
function redactValues(
  values: AuditedValues | null,
  organizationId: string,
  names: ReadonlyMap<string, string>,
): AuditedValues | null {
  if (typeof values?.organizationId === 'string' && values.organizationId !== organizationId) return null
  if (!Array.isArray(values?.workspaceIds)) return values
  return { ...values, workspaceIds: values.workspaceIds.filter((id) => names.has(id)) }
}
