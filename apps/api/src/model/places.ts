import type { Kind, Named } from './call.ts'
import { isLastManager, keepingAdministrator, reachesPlace } from './rules.ts'
import { withMembers, withTenant } from './world.ts'

/** A workspace takes in people of its own organization only; suspended ones too. */
const belong = ({ others, place }: Named) => others.every(({ status, organization }) => status !== 'deleted' && organization === place.organization)
const indexes = (users: Named['others']) => users.map(({ index }) => index)
const ids = (users: Named['others']) => [...new Set(users.map(({ id }) => id))]

/** What is done to workspaces' members and to organizations. */
export const PLACES = {
  addMembers: {
    after: (world, named) =>
      reachesPlace(world, named.actor, named.place) && belong(named) ? withMembers(world, named.placeAt, indexes(named.others), []) : null,
    make: (client, { place, others }) => client.member.update.mutate({ workspaceId: place.id, add: ids(others) }),
  },
  removeMembers: {
    after: (world, named) => {
      const { actor, place, placeAt, others } = named
      if (!reachesPlace(world, actor, place) || !belong(named)) return null
      if (others.some(({ index }) => index === actor.index) && isLastManager(world, actor, place)) return null
      return withMembers(world, placeAt, [], indexes(others))
    },
    make: (client, { place, others }) => client.member.update.mutate({ workspaceId: place.id, remove: ids(others) }),
  },
  leave: {
    after: (world, { actor, place, placeAt }) =>
      place.members.has(actor.index) && !isLastManager(world, actor, place) ? withMembers(world, placeAt, [], [actor.index]) : null,
    make: (client, { place }) => client.member.leave.mutate({ workspaceId: place.id }),
  },
  suspendOrganization: {
    after: (world, { actor, tenantAt }) =>
      actor.role === 'administrator' && actor.organization !== tenantAt ? keepingAdministrator(withTenant(world, tenantAt, { suspended: true })) : null,
    make: (client, { tenant }) => client.organization.suspend.mutate({ organizationId: tenant.id }),
  },
  reactivateOrganization: {
    after: (world, { actor, tenantAt }) =>
      actor.role === 'administrator' && actor.organization !== tenantAt ? withTenant(world, tenantAt, { suspended: false }) : null,
    make: (client, { tenant }) => client.organization.reactivate.mutate({ organizationId: tenant.id }),
  },
  setManagerScope: {
    after: (world, { actor, tenantAt, flag }) =>
      actor.role === 'administrator' ? withTenant(world, tenantAt, { managerScope: flag ? 'assigned' : 'organization' }) : null,
    make: (client, { tenant, flag }) =>
      client.organization.setManagerScope.mutate({ organizationId: tenant.id, managerScope: flag ? 'assigned' : 'organization' }),
  },
} as const satisfies Record<string, Kind>
