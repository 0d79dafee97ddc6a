import { randomUUID } from 'node:crypto'
import { previewed } from '../testing/bulk.ts'
import type { Kind } from './call.ts'
import { coversTenant, gives, isLower, keepingAdministrator, outranks, puts, sees } from './rules.ts'
import { knowNewcomer, withMembers, withNewcomer, withoutInvitations, withoutMemberships, withUser } from './world.ts'

/** A manager makes default users managers, and nothing else of anybody; administrators give any role. */
const setsRole: Kind['after'] = (world, { actor, target, role }) =>
  outranks(actor, target) && gives(actor, role)
    ? keepingAdministrator(withUser(isLower(role, target.role) ? withoutInvitations(world, target.index) : world, target.index, { role }))
    : null

/** What is done to people, one by one and in bulk. */
export const USERS = {
  setRole: {
    after: setsRole,
    make: (client, { target, role }) => client.user.setRole.mutate({ userId: target.id, role, expected: target.role }),
  },
  setRoleInBulk: {
    // A row that is refused changes nothing, and the others go on.
    after: (world, named) => {
      if (!named.others.every((target) => sees(named.actor, target))) return null
      return named.others.reduce((now, target) => setsRole(now, { ...named, target }) ?? now, world)
    },
    make: async (client, { others, role }) => (await previewed(client, [...new Set(others.map(({ id }) => id))], { kind: 'setRole', role }))(),
  },
  suspend: {
    after: (world, { actor, target }) =>
      outranks(actor, target)
        ? keepingAdministrator(withUser(target.status === 'active' ? withoutInvitations(world, target.index) : world, target.index, { status: 'suspended' }))
        : null,
    make: (client, { target }) => client.user.suspend.mutate({ userId: target.id }),
  },
  reactivate: {
    after: (world, { actor, target }) => (outranks(actor, target) ? withUser(world, target.index, { status: 'active' }) : null),
    make: (client, { target }) => client.user.reactivate.mutate({ userId: target.id }),
  },
  delete: {
    after: (world, { actor, target }) =>
      outranks(actor, target) ? keepingAdministrator(withoutMemberships(withUser(world, target.index, { status: 'deleted' }), target.index)) : null,
    make: (client, { target }) => client.user.delete.mutate({ userId: target.id, confirmation: target.username }),
  },
  move: {
    after: (world, { actor, target, tenantAt, role }) => {
      if (actor.role !== 'administrator' || !outranks(actor, target)) return null
      if (target.organization === tenantAt) return world
      return keepingAdministrator(
        withoutMemberships(withUser(withoutInvitations(world, target.index), target.index, { organization: tenantAt, role }), target.index),
      )
    },
    make: (client, { target, tenant, role }, world) =>
      client.user.move.mutate({ userId: target.id, organizationId: tenant.id, role, expected: world.tenants[target.organization]?.id ?? '' }),
  },
  create: {
    after: (world, { actor, tenantAt, role, place, placeAt, flag }) => {
      if (!coversTenant(actor, tenantAt) || !gives(actor, role)) return null
      if (flag && !puts(world, actor, place, tenantAt)) return null
      const made = withNewcomer(world, { role, organization: tenantAt, credential: false })
      return flag ? withMembers(made, placeAt, [made.users.length - 1], []) : made
    },
    make: async (client, { tenant, role, place, flag }) => {
      const username = `u-${randomUUID()}`
      const workspaceIds = flag ? [place.id] : []
      const { user } = await client.user.create.mutate({ username, role, organizationId: tenant.id, workspaceIds, credential: { kind: 'link' } })
      return { id: user.id, username }
    },
    learn: (world, answer) => knowNewcomer(world, answer as { id: string; username: string }),
  },
} as const satisfies Record<string, Kind>
