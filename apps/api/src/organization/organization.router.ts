import { countOrganizations, listOrganizations, organizationDetail, toPageQuery } from '@roster/db'
import {
  type Count,
  type OrganizationDetail,
  type OrganizationRow,
  onOrganization,
  organizationCreate,
  organizationDelete,
  organizationList,
  organizationRename,
  organizationSetManagerScope,
  organizationSetOversight,
  organizationSetTimeZone,
  type Paged,
  refuse,
  visibleScope,
} from '@roster/domain'
import { change } from '../call/change.ts'
import { read } from '../call/read.ts'
import { t } from '../trpc.ts'
import { createOrganization } from './create.ts'
import { deleteOrganization } from './delete.ts'
import { setOrganization } from './setOrganization.ts'
import { reactivateOrganization, suspendOrganization } from './suspend.ts'

export const organizationRouter = t.router({
  /** Lists the organizations within the principal's visibility by name, with the total count. */
  list: read(
    'organization.list',
    organizationList,
    async ({ services, actor, input }): Promise<Paged<OrganizationRow> & { total: Count }> => {
      const { page, ...filter } = input
      const scope = visibleScope(actor, 'user')
      const { pool } = services.db
      const [rows, total] = await Promise.all([
        listOrganizations(pool, scope, filter, toPageQuery(page)),
        countOrganizations(pool, scope, filter),
      ])
      return { ...rows, total }
    },
  ),

  /** Returns one organization with its settings and counts. @throws NOT_FOUND */
  get: read('organization.get', onOrganization, async ({ services, organization }): Promise<OrganizationDetail> => {
    const detail = await organizationDetail(services.db.pool, organization.id)
    if (!detail) throw refuse('NOT_FOUND', { what: 'organization' })
    return detail
  }),

  /** Creates an empty organization and returns its id and name. @throws NAME_TAKEN */
  create: change('organization.create', { input: organizationCreate }, createOrganization),

  /** Renames an organization. @throws NOT_FOUND, NAME_TAKEN */
  rename: change('organization.rename', { input: organizationRename }, (changing) =>
    setOrganization(changing, 'name', changing.input.name),
  ),

  /** Sets an organization's time zone, in which its days begin and end. @throws NOT_FOUND */
  setTimeZone: change('organization.setTimeZone', { input: organizationSetTimeZone }, (changing) =>
    setOrganization(changing, 'timeZone', changing.input.timeZone),
  ),

  /** Sets the scope of an organization's managers. It applies to their next call. @throws NOT_FOUND */
  setManagerScope: change('organization.setManagerScope', { input: organizationSetManagerScope }, (changing) =>
    setOrganization(changing, 'managerScope', changing.input.managerScope),
  ),

  /** Turns oversight on or off. It covers only private threads written afterwards. @throws NOT_FOUND */
  setOversight: change('organization.setOversight', { input: organizationSetOversight }, (changing) =>
    setOrganization(changing, 'oversight', changing.input.oversight),
  ),

  /** Suspends an organization and ends all sessions of its users. @throws NOT_FOUND, LAST_ADMINISTRATOR */
  suspend: change(
    'organization.suspend',
    { input: onOrganization, lowersAdministrators: true, isLarge: true },
    suspendOrganization,
  ),

  /** Reactivates an organization. Its users may sign in again; ended sessions stay ended. @throws NOT_FOUND */
  reactivate: change('organization.reactivate', { input: onOrganization }, reactivateOrganization),

  /**
   * Deletes an organization with its users and workspaces, and returns their numbers. The confirmation is its name.
   * @throws NOT_FOUND, REAUTHENTICATION_REQUIRED, CONFIRMATION_MISMATCH, LAST_ADMINISTRATOR
   */
  delete: change(
    'organization.delete',
    { input: organizationDelete, lowersAdministrators: true, stepUp: true, isLarge: true },
    deleteOrganization,
  ),
})
