import { endOrganizationSessions, type LockedOrganization, writeOrganization } from '@roster/db'
import type { Changing } from '../call/change.ts'

type Acting = Changing<unknown> & { organization: LockedOrganization }

/** Suspend: every session of its people is over with the same commit, and nobody of them gets in. */
export async function suspendOrganization({ tx, actor, organization, done }: Acting): Promise<{ changed: boolean; sessions: number }> {
  const { id, name, status } = organization
  if (status === 'suspended') return { changed: false, sessions: 0 }
  await writeOrganization(tx, id, { status: 'suspended' })
  const sessions = await endOrganizationSessions(tx, id, 'organization-suspended', actor.id)
  const changes = { before: { status }, after: { status: 'suspended', sessions } }
  done({ organizationId: id, targetKind: 'organization', targetId: id, targetName: name, ...changes })
  return { changed: true, sessions }
}

/** Reactivate: its people can sign in again; old sessions stay over. */
export async function reactivateOrganization({ tx, organization, done }: Acting): Promise<{ changed: boolean }> {
  const { id, name, status } = organization
  if (status === 'active') return { changed: false }
  await writeOrganization(tx, id, { status: 'active' })
  done({ organizationId: id, targetKind: 'organization', targetId: id, targetName: name, before: { status }, after: { status: 'active' } })
  return { changed: true }
}
