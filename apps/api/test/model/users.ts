import { randomUUID } from 'node:crypto'
import { prepareBulk } from '../support/bulk.ts'
import type { Operation } from './operation.ts'
import {
  canSee,
  isLower,
  managesOrganization,
  mayAddMembers,
  mayGrant,
  outranks,
  unlessLastAdministrator,
} from './rules.ts'
import {
  withMembers,
  withNewUser,
  withNewUserIdentity,
  withoutInvitations,
  withoutMemberships,
  withUser,
} from './world.ts'

/** Managers may only make default users managers; administrators may set any role. */
const setRole: Operation['apply'] = (world, { actor, target, role }) =>
  outranks(actor, target) && mayGrant(actor, role)
    ? unlessLastAdministrator(
        withUser(isLower(role, target.role) ? withoutInvitations(world, target.index) : world, target.index, { role }),
      )
    : null

/** Calls that change users, one by one and in bulk. */
export const USERS = {
  setRole: {
    apply: setRole,
    call: (client, { target, role }) => client.user.setRole.mutate({ userId: target.id, role, expected: target.role }),
  },
  setRoleInBulk: {
    // A refused row changes nothing, and the other rows are still applied.
    apply: (world, input) => {
      if (!input.others.every((target) => canSee(input.actor, target))) return null
      return input.others.reduce((next, target) => setRole(next, { ...input, target }) ?? next, world)
    },
    call: async (client, { others, role }) =>
      (await prepareBulk(client, [...new Set(others.map(({ id }) => id))], { kind: 'setRole', role }))(),
  },
  suspend: {
    apply: (world, { actor, target }) =>
      outranks(actor, target)
        ? unlessLastAdministrator(
            withUser(target.status === 'active' ? withoutInvitations(world, target.index) : world, target.index, {
              status: 'suspended',
            }),
          )
        : null,
    call: (client, { target }) => client.user.suspend.mutate({ userId: target.id }),
  },
  reactivate: {
    apply: (world, { actor, target }) =>
      outranks(actor, target) ? withUser(world, target.index, { status: 'active' }) : null,
    call: (client, { target }) => client.user.reactivate.mutate({ userId: target.id }),
  },
  delete: {
    apply: (world, { actor, target }) =>
      outranks(actor, target)
        ? unlessLastAdministrator(
            withoutMemberships(withUser(world, target.index, { status: 'deleted' }), target.index),
          )
        : null,
    call: (client, { target }) => client.user.delete.mutate({ userId: target.id, confirmation: target.username }),
  },
  move: {
    apply: (world, { actor, target, organizationIndex, role }) => {
      if (actor.role !== 'administrator' || !outranks(actor, target)) return null
      if (target.organizationIndex === organizationIndex) return world
      return unlessLastAdministrator(
        withoutMemberships(
          withUser(withoutInvitations(world, target.index), target.index, { organizationIndex, role }),
          target.index,
        ),
      )
    },
    call: (client, { target, organization, role }, world) =>
      client.user.move.mutate({
        userId: target.id,
        organizationId: organization.id,
        role,
        expected: world.organizations[target.organizationIndex]?.id ?? '',
      }),
  },
  create: {
    apply: (world, { actor, organizationIndex, role, workspace, workspaceIndex, flag }) => {
      if (!managesOrganization(actor, organizationIndex) || !mayGrant(actor, role)) return null
      if (flag && !mayAddMembers(world, actor, workspace, organizationIndex)) return null
      const created = withNewUser(world, { role, organizationIndex, credential: false })
      return flag ? withMembers(created, workspaceIndex, [created.users.length - 1], []) : created
    },
    call: async (client, { organization, role, workspace, flag }) => {
      const username = `u-${randomUUID()}`
      const workspaceIds = flag ? [workspace.id] : []
      const { user } = await client.user.create.mutate({
        username,
        role,
        organizationId: organization.id,
        workspaceIds,
        credential: { kind: 'link' },
      })
      return { id: user.id, username }
    },
    complete: (world, answer) => withNewUserIdentity(world, answer as { id: string; username: string }),
  },
} as const satisfies Record<string, Operation>
