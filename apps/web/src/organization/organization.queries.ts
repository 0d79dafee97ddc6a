import { defineQueryOptions } from '@pinia/colada'
import type {
  onOrganization,
  organizationCreate,
  organizationDelete,
  organizationList,
  organizationRename,
  organizationSetManagerScope,
  organizationSetOversight,
  organizationSetTimeZone,
  userMove,
} from '@roster/domain'
import type * as z from 'zod'
import { api } from '../lib/api.ts'
import { useChange } from '../lib/useChange.ts'

type OnOrganization = z.input<typeof onOrganization>
/** The input of an organization list. */
export type OrganizationListInput = z.input<typeof organizationList>

/** One page of the visible organizations, by name, with the number of matches. */
export const organizationsQuery = defineQueryOptions((input: OrganizationListInput) => ({
  key: ['organization', 'list', JSON.stringify(input)],
  query: ({ signal }) => api.organization.list.query(input, { signal }),
}))

/** One organization with its settings. */
export const organizationQuery = defineQueryOptions((organizationId: string) => ({
  key: ['organization', 'get', organizationId],
  query: ({ signal }) => api.organization.get.query({ organizationId }, { signal }),
}))

export const useCreateOrganization = () =>
  useChange('organization.create', (input: z.input<typeof organizationCreate>) => api.organization.create.mutate(input))
export const useRenameOrganization = () =>
  useChange('organization.rename', (input: z.input<typeof organizationRename>) => api.organization.rename.mutate(input))
export const useSetTimeZone = () =>
  useChange('organization.setTimeZone', (input: z.input<typeof organizationSetTimeZone>) =>
    api.organization.setTimeZone.mutate(input),
  )
export const useSetManagerScope = () =>
  useChange('organization.setManagerScope', (input: z.input<typeof organizationSetManagerScope>) =>
    api.organization.setManagerScope.mutate(input),
  )
export const useSetOversight = () =>
  useChange('organization.setOversight', (input: z.input<typeof organizationSetOversight>) =>
    api.organization.setOversight.mutate(input),
  )
export const useSuspendOrganization = () =>
  useChange('organization.suspend', (input: OnOrganization) => api.organization.suspend.mutate(input))
export const useReactivateOrganization = () =>
  useChange('organization.reactivate', (input: OnOrganization) => api.organization.reactivate.mutate(input))
export const useDeleteOrganization = () =>
  useChange('organization.delete', (input: z.input<typeof organizationDelete>) => api.organization.delete.mutate(input))
export const useMoveUser = () =>
  useChange('user.move', (input: z.input<typeof userMove>) => api.user.move.mutate(input))
