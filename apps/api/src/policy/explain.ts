import { findCandidates, findOrganization, type LockedUser } from '@roster/db'
import { type Actor, decideOn, type Explanation, permission, type policyExplain, ROLES, refuse, relationTo, type Subject, visibleScope } from '@roster/domain'
import type * as z from 'zod'
import type { Reading } from '../call/read.ts'
import { type Asked, loadSubject } from './subject.ts'

/** How many people are named who could do it instead. */
const NAMED = 5

/** Ask the policy for somebody, as their own call would ask it, and say what it says. */
export async function explain({
  services: { db },
  actor: asker,
  input,
  target: person,
}: Reading<z.output<typeof policyExplain>> & { target: LockedUser }): Promise<Explanation> {
  const { prisma } = db
  const organization = await findOrganization(prisma, visibleScope(asker, 'user'), person.organizationId)
  if (!organization) throw refuse('NOT_FOUND', { what: 'user' })
  const actor: Actor = { id: person.id, role: person.role, organizationId: person.organizationId, managerScope: organization.managerScope }
  const asked = await loadSubject(prisma, asker, actor, input.target)
  const decision = decideOn(actor, input.action, asked.subject)
  return {
    action: input.action,
    role: person.role,
    target: asked.target,
    decision,
    relation: relationTo(actor, asked.subject),
    shutOut: person.status === 'suspended' ? 'suspended' : organization.status === 'suspended' ? 'organization-suspended' : null,
    others: decision.allowed ? { users: [], more: false } : await couldInstead(prisma, asker, actor, input.action, asked),
  }
}

/** Those whom the asker sees and whom the policy lets do it: each is asked about like the person themselves. */
async function couldInstead(
  prisma: Parameters<typeof findCandidates>[0],
  asker: Actor,
  { id: userId, organizationId }: Actor,
  action: Explanation['action'],
  asked: Asked,
): Promise<Explanation['others']> {
  const { subject, workspaceId } = asked
  const roles = ROLES.filter((role) => permission(action, role).length > 0)
  const near = asked.organizationId ?? organizationId
  const candidates = await findCandidates(prisma, visibleScope(asker, 'user'), { userId, roles, subject, workspaceId, organizationId: near })
  const could = candidates.filter(({ assigned, ...candidate }) => decideOn(candidate, action, seenBy(subject, assigned)).allowed)
  return { users: could.slice(0, NAMED).map(({ id, name, role }) => ({ id, name, role })), more: could.length > NAMED }
}

/** The same subject, as it stands to somebody else. */
function seenBy(subject: Subject, assigned: boolean): Subject {
  return subject.kind === 'workspace' ? { ...subject, workspace: { ...subject.workspace, assigned } } : subject
}
