import { findOrganization, findUser, findWorkspace, type Transaction } from '@roster/db'
import { type Actor, type Explanation, type policyExplain, refuse, type Subject, visibleScope } from '@roster/domain'
import type * as z from 'zod'

/** The target of an explanation, as seen from the explained user. */
export interface LoadedSubject {
  subject: Subject
  target: Explanation['target']
  workspaceId?: string
  organizationId?: string
}

/**
 * Loads a target within the reader's visibility. Its relation is that of `actor`, the explained user.
 * @throws
 * NOT_FOUND
 */
export async function loadSubject(
  tx: Transaction,
  reader: Actor,
  actor: Actor,
  target: z.output<typeof policyExplain>['target'],
): Promise<LoadedSubject> {
  switch (target.kind) {
    case 'none':
      return { subject: target, target: null }
    case 'role':
      return { subject: target, target: null }
    case 'user': {
      const user = await findUser(tx, visibleScope(reader, 'user'), target.userId)
      if (!user) throw refuse('NOT_FOUND', { what: 'user' })
      const named = { kind: 'user', id: user.id, name: user.displayName ?? user.username } as const
      return { subject: { kind: 'user', user }, target: named, organizationId: user.organizationId }
    }
    case 'workspace': {
      const workspace = await findWorkspace(tx, actor.id, visibleScope(reader, 'workspace'), target.workspaceId)
      if (!workspace) throw refuse('NOT_FOUND', { what: 'workspace' })
      const { id, name, organizationId } = workspace
      return {
        subject: { kind: 'workspace', workspace },
        target: { kind: 'workspace', id, name },
        workspaceId: id,
        organizationId,
      }
    }
    case 'organization': {
      const organization = await findOrganization(tx, visibleScope(reader, 'user'), target.organizationId)
      if (!organization) throw refuse('NOT_FOUND', { what: 'organization' })
      const { id, name } = organization
      return {
        subject: { kind: 'organization', organization },
        target: { kind: 'organization', id, name },
        organizationId: id,
      }
    }
  }
}
