import { findOrganization, findPotentialActors, type LockedUser } from '@roster/db'
import {
  type Actor,
  decideOn,
  type Explanation,
  permission,
  type policyExplain,
  ROLES,
  refuse,
  relationTo,
  type Subject,
  visibleScope,
} from '@roster/domain'
import type * as z from 'zod'
import type { ReadContext } from '../call/read.ts'
import { type LoadedSubject, loadSubject } from './subject.ts'

/** Users listed as alternatives. */
const ALTERNATIVES_MAX = 5

/** Explains the decision that a call by the target user would get. @throws NOT_FOUND (target) */
export async function explain({
  services: { db },
  actor: reader,
  input,
  target: user,
}: ReadContext<z.output<typeof policyExplain>> & { target: LockedUser }): Promise<Explanation> {
  const { prisma } = db
  const organization = await findOrganization(prisma, visibleScope(reader, 'user'), user.organizationId)
  if (!organization) throw refuse('NOT_FOUND', { what: 'user' })
  const actor: Actor = {
    id: user.id,
    role: user.role,
    organizationId: user.organizationId,
    managerScope: organization.managerScope,
  }
  const loaded = await loadSubject(prisma, reader, actor, input.target)
  const decision = decideOn(actor, input.action, loaded.subject)
  return {
    action: input.action,
    role: user.role,
    target: loaded.target,
    decision,
    relation: relationTo(actor, loaded.subject),
    shutOut:
      user.status === 'suspended' ? 'suspended' : organization.status === 'suspended' ? 'organization-suspended' : null,
    others: decision.allowed
      ? { users: [], more: false }
      : await listAlternatives(prisma, reader, actor, input.action, loaded),
  }
}

/** The users within the reader's visibility with the permission for the action. */
async function listAlternatives(
  prisma: Parameters<typeof findPotentialActors>[0],
  reader: Actor,
  { id: userId, organizationId }: Actor,
  action: Explanation['action'],
  loaded: LoadedSubject,
): Promise<Explanation['others']> {
  const { subject, workspaceId } = loaded
  const roles = ROLES.filter((role) => permission(action, role).length > 0)
  const targetOrganizationId = loaded.organizationId ?? organizationId
  const candidates = await findPotentialActors(prisma, visibleScope(reader, 'user'), {
    userId,
    roles,
    subject,
    workspaceId,
    organizationId: targetOrganizationId,
  })
  const allowed = candidates.filter(
    ({ assigned, ...candidate }) => decideOn(candidate, action, withAssignment(subject, assigned)).allowed,
  )
  return {
    users: allowed.slice(0, ALTERNATIVES_MAX).map(({ id, name, role }) => ({ id, name, role })),
    more: allowed.length > ALTERNATIVES_MAX,
  }
}

/** The subject as seen from another candidate: an assigned workspace or not. */
function withAssignment(subject: Subject, assigned: boolean): Subject {
  return subject.kind === 'workspace' ? { ...subject, workspace: { ...subject.workspace, assigned } } : subject
}
