import { endOrganizationSessions, type LockedOrganization, writeOrganization } from '@roster/db'
import type { ChangeContext } from '../call/change.ts'

type OrganizationChange = ChangeContext<unknown> & { organization: LockedOrganization }

/** Suspends an organization and ends its users' sessions in the same transaction. Returns their number. */
export async function suspendOrganization({
  tx,
  actor,
  organization,
  record,
}: OrganizationChange): Promise<{ changed: boolean; sessions: number }> {
  const { id, name, status } = organization
  if (status === 'suspended') return { changed: false, sessions: 0 }
  await writeOrganization(tx, id, { status: 'suspended' })
  const sessions = await endOrganizationSessions(tx, id, 'organization-suspended', actor.id)
  const changes = { before: { status }, after: { status: 'suspended', sessions } }
  record({ organizationId: id, targetKind: 'organization', targetId: id, targetName: name, ...changes })
  return { changed: true, sessions }
}

/** Reactivates an organization: its users may sign in again, and ended sessions stay ended. */
export async function reactivateOrganization({
  tx,
  organization,
  record,
}: OrganizationChange): Promise<{ changed: boolean }> {
  const { id, name, status } = organization
  if (status === 'active') return { changed: false }
  await writeOrganization(tx, id, { status: 'active' })
  record({
    organizationId: id,
    targetKind: 'organization',
    targetId: id,
    targetName: name,
    before: { status },
    after: { status: 'active' },
  })
  return { changed: true }
}
