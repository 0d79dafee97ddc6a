import { randomUUID } from 'node:crypto'
import type { Operation } from './operation.ts'
import { canSignIn, managesOrganization, mayAddMembers, mayGrant } from './rules.ts'
import {
  type ModelInvitation,
  type World,
  withInvitation,
  withMembers,
  withNewUser,
  withNewUserIdentity,
} from './world.ts'

/** An id and token that no invitation has. */
const UNKNOWN = randomUUID()
const PASSWORD = 'correct horse battery staple'

/** An invitation works only while its inviter could still create it. */
function isUsable(
  world: World,
  { inviterIndex, organizationIndex, role, workspaceIndexes, usesLeft, revoked }: ModelInvitation,
): boolean {
  const inviter = world.users[inviterIndex]
  if (!inviter || revoked || usesLeft === 0 || world.organizations[organizationIndex]?.suspended !== false) return false
  if (!canSignIn(world, inviter) || !managesOrganization(inviter, organizationIndex) || !mayGrant(inviter, role))
    return false
  return workspaceIndexes.every((index) => {
    const workspace = world.workspaces[index]
    return workspace !== undefined && mayAddMembers(world, inviter, workspace, organizationIndex)
  })
}

export const INVITATIONS = {
  invite: {
    apply: (world, { actor, organizationIndex, role, workspace, workspaceIndex, flag, others }) => {
      if (!managesOrganization(actor, organizationIndex) || !mayGrant(actor, role)) return null
      if (flag && !mayAddMembers(world, actor, workspace, organizationIndex)) return null
      const invitation: ModelInvitation = {
        id: '',
        token: '',
        inviterIndex: actor.index,
        organizationIndex,
        role,
        workspaceIndexes: flag ? [workspaceIndex] : [],
        usesLeft: others.length,
        revoked: false,
      }
      return { ...world, invitations: [...world.invitations, invitation] }
    },
    call: (client, { organization, role, workspace, flag, others }) =>
      client.invitation.create.mutate({
        organizationId: organization.id,
        role,
        workspaceIds: flag ? [workspace.id] : [],
        uses: others.length,
      }),
    complete: (world, answer) => {
      const { id, path } = answer as { id: string; path: string }
      return withInvitation(world, world.invitations.length - 1, { id, token: path.split('#')[1] ?? '' })
    },
  },
  accept: {
    anonymous: true,
    apply: (world, { invitation, invitationIndex }) => {
      if (!invitation || !isUsable(world, invitation)) return null
      const { role, organizationIndex, workspaceIndexes, usesLeft } = invitation
      const created = withNewUser(withInvitation(world, invitationIndex, { usesLeft: usesLeft - 1 }), {
        role,
        organizationIndex,
        credential: true,
      })
      return workspaceIndexes.reduce((next, index) => withMembers(next, index, [created.users.length - 1], []), created)
    },
    call: async (client, { invitation }) => {
      const username = `i-${randomUUID()}`
      const { user } = await client.invitation.accept.mutate({
        token: invitation?.token ?? UNKNOWN,
        username,
        password: PASSWORD,
      })
      return { id: user.id, username }
    },
    complete: (world, answer) => withNewUserIdentity(world, answer as { id: string; username: string }),
  },
  revoke: {
    apply: (world, { actor, invitation, invitationIndex }) => {
      if (!invitation || invitation.usesLeft === 0) return null
      const { organizationIndex, role } = invitation
      return managesOrganization(actor, organizationIndex) && mayGrant(actor, role)
        ? withInvitation(world, invitationIndex, { revoked: true })
        : null
    },
    call: (client, { invitation }) => client.invitation.revoke.mutate({ invitationId: invitation?.id ?? UNKNOWN }),
  },
} as const satisfies Record<string, Operation>
