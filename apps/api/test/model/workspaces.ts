import type { Operation, OperationInput } from './operation.ts'
import { isLastManager, mayManageWorkspace, unlessLastAdministrator } from './rules.ts'
import { withMembers, withOrganization } from './world.ts'

/** Only users of the workspace's organization can be members; suspended users can. */
const canBeMembers = ({ others, workspace }: OperationInput) =>
  others.every(
    ({ status, organizationIndex }) => status !== 'deleted' && organizationIndex === workspace.organizationIndex,
  )
const indexes = (users: OperationInput['others']) => users.map(({ index }) => index)
const ids = (users: OperationInput['others']) => [...new Set(users.map(({ id }) => id))]

/** Calls that change members and organizations. */
export const WORKSPACES = {
  addMembers: {
    apply: (world, input) =>
      mayManageWorkspace(world, input.actor, input.workspace) && canBeMembers(input)
        ? withMembers(world, input.workspaceIndex, indexes(input.others), [])
        : null,
    call: (client, { workspace, others }) =>
      client.member.update.mutate({ workspaceId: workspace.id, add: ids(others) }),
  },
  removeMembers: {
    apply: (world, input) => {
      const { actor, workspace, workspaceIndex, others } = input
      if (!mayManageWorkspace(world, actor, workspace) || !canBeMembers(input)) return null
      if (others.some(({ index }) => index === actor.index) && isLastManager(world, actor, workspace)) return null
      return withMembers(world, workspaceIndex, [], indexes(others))
    },
    call: (client, { workspace, others }) =>
      client.member.update.mutate({ workspaceId: workspace.id, remove: ids(others) }),
  },
  leave: {
    apply: (world, { actor, workspace, workspaceIndex }) =>
      workspace.members.has(actor.index) && !isLastManager(world, actor, workspace)
        ? withMembers(world, workspaceIndex, [], [actor.index])
        : null,
    call: (client, { workspace }) => client.member.leave.mutate({ workspaceId: workspace.id }),
  },
  suspendOrganization: {
    apply: (world, { actor, organizationIndex }) =>
      actor.role === 'administrator' && actor.organizationIndex !== organizationIndex
        ? unlessLastAdministrator(withOrganization(world, organizationIndex, { suspended: true }))
        : null,
    call: (client, { organization }) => client.organization.suspend.mutate({ organizationId: organization.id }),
  },
  reactivateOrganization: {
    apply: (world, { actor, organizationIndex }) =>
      actor.role === 'administrator' && actor.organizationIndex !== organizationIndex
        ? withOrganization(world, organizationIndex, { suspended: false })
        : null,
    call: (client, { organization }) => client.organization.reactivate.mutate({ organizationId: organization.id }),
  },
  setManagerScope: {
    apply: (world, { actor, organizationIndex, flag }) =>
      actor.role === 'administrator'
        ? withOrganization(world, organizationIndex, { managerScope: flag ? 'assigned' : 'organization' })
        : null,
    call: (client, { organization, flag }) =>
      client.organization.setManagerScope.mutate({
        organizationId: organization.id,
        managerScope: flag ? 'assigned' : 'organization',
      }),
  },
} as const satisfies Record<string, Operation>
