import { countOrganizations, listOrganizations, organizationDetail, reading } from '@roster/db'
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
import { changeOrganization } from '../call/changeOrganization.ts'
import { read, readOrganization } from '../call/read.ts'
import { t } from '../trpc.ts'
import { createOrganization } from './create.ts'
import { deleteOrganization } from './delete.ts'
import { setOrganization } from './setOrganization.ts'
import { reactivateOrganization, suspendOrganization } from './suspend.ts'

export const organizationRouter = t.router({
  /** The organizations within the caller's scope, by name, with how many match in all. */
  list: read('organization.list', organizationList, async ({ services, actor, input }): Promise<Paged<OrganizationRow> & { total: Count }> => {
    const { page, ...filter } = input
    const scope = visibleScope(actor, 'user')
    const { pool } = services.db
    const [rows, total] = await Promise.all([listOrganizations(pool, scope, filter, reading(page)), countOrganizations(pool, scope, filter)])
    return { ...rows, total }
  }),

  get: readOrganization('organization.get', onOrganization, async ({ services, organization }): Promise<OrganizationDetail> => {
    const detail = await organizationDetail(services.db.pool, organization.id)
    if (!detail) throw refuse('NOT_FOUND', { what: 'organization' })
    return detail
  }),

  /** @throws NAME_TAKEN */
  create: change('organization.create', { input: organizationCreate }, createOrganization),

  /** @throws NAME_TAKEN */
  rename: changeOrganization('organization.rename', { input: organizationRename }, (changing) => setOrganization(changing, 'name', changing.input.name)),

  setTimeZone: changeOrganization('organization.setTimeZone', { input: organizationSetTimeZone }, (changing) =>
    setOrganization(changing, 'timeZone', changing.input.timeZone),
  ),

  /** How far its managers reach; cuts at once. */
  setManagerScope: changeOrganization('organization.setManagerScope', { input: organizationSetManagerScope }, (changing) =>
    setOrganization(changing, 'managerScope', changing.input.managerScope),
  ),

  /** Whether managers may read private threads that are written from now on. */
  setOversight: changeOrganization('organization.setOversight', { input: organizationSetOversight }, (changing) =>
    setOrganization(changing, 'oversight', changing.input.oversight),
  ),

  /** All of its people are out at once. @throws LAST_ADMINISTRATOR */
  suspend: changeOrganization('organization.suspend', { input: onOrganization, lowersAdministrators: true, isLarge: true }, suspendOrganization),

  reactivate: changeOrganization('organization.reactivate', { input: onOrganization }, reactivateOrganization),

  /** Delete for good, with its people and workspaces. @throws CONFIRMATION_MISMATCH unless its name was typed, LAST_ADMINISTRATOR */
  delete: changeOrganization('organization.delete', { input: organizationDelete, lowersAdministrators: true, stepUp: true, isLarge: true }, deleteOrganization),
})
