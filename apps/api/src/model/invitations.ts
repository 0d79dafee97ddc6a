import { randomUUID } from 'node:crypto'
import type { Kind } from './call.ts'
import { coversTenant, getsIn, gives, puts } from './rules.ts'
import { type Invitation, knowNewcomer, type World, withInvitation, withMembers, withNewcomer } from './world.ts'

/** An address that no invitation has. */
const NOWHERE = randomUUID()
const PASSWORD = 'correct horse battery staple'

/** Whether its inviter could give all of it now; with that right it dies. */
function stands(world: World, { inviter, organization, role, places, left, revoked }: Invitation): boolean {
  const giver = world.users[inviter]
  if (!giver || revoked || left === 0 || world.tenants[organization]?.suspended !== false) return false
  if (!getsIn(world, giver) || !coversTenant(giver, organization) || !gives(giver, role)) return false
  return places.every((at) => {
    const place = world.places[at]
    return place !== undefined && puts(world, giver, place, organization)
  })
}

/** Invitations: given, used by whoever has the link, and taken back. */
export const INVITATIONS = {
  invite: {
    after: (world, { actor, tenantAt, role, place, placeAt, flag, others }) => {
      if (!coversTenant(actor, tenantAt) || !gives(actor, role)) return null
      if (flag && !puts(world, actor, place, tenantAt)) return null
      const made = { id: '', token: '', inviter: actor.index, organization: tenantAt, role, places: flag ? [placeAt] : [], left: others.length, revoked: false }
      return { ...world, invitations: [...world.invitations, made] }
    },
    make: (client, { tenant, role, place, flag, others }) =>
      client.invitation.create.mutate({ organizationId: tenant.id, role, workspaceIds: flag ? [place.id] : [], uses: others.length }),
    learn: (world, answer) => {
      const { id, path } = answer as { id: string; path: string }
      return withInvitation(world, world.invitations.length - 1, { id, token: path.split('#')[1] ?? '' })
    },
  },
  accept: {
    anonymous: true,
    after: (world, { invitation, invitationAt }) => {
      if (!invitation || !stands(world, invitation)) return null
      const { role, organization, places, left } = invitation
      const made = withNewcomer(withInvitation(world, invitationAt, { left: left - 1 }), { role, organization, credential: true })
      return places.reduce((now, at) => withMembers(now, at, [made.users.length - 1], []), made)
    },
    make: async (client, { invitation }) => {
      const username = `i-${randomUUID()}`
      const { user } = await client.invitation.accept.mutate({ token: invitation?.token ?? NOWHERE, username, password: PASSWORD })
      return { id: user.id, username }
    },
    learn: (world, answer) => knowNewcomer(world, answer as { id: string; username: string }),
  },
  revoke: {
    after: (world, { actor, invitation, invitationAt }) => {
      if (!invitation || invitation.left === 0) return null
      const { organization, role } = invitation
      return coversTenant(actor, organization) && gives(actor, role) ? withInvitation(world, invitationAt, { revoked: true }) : null
    },
    make: (client, { invitation }) => client.invitation.revoke.mutate({ invitationId: invitation?.id ?? NOWHERE }),
  },
} as const satisfies Record<string, Kind>
