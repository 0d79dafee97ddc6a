import { type OrganizationRow, visible } from '@roster/domain'
import * as z from 'zod'
import { read } from '../call/read.ts'
import { t } from '../trpc.ts'

export const organizationRouter = t.router({
  /** The organizations within the caller's scope, as choices for forms and filters. */
  list: read(
    'organization.list',
    z.strictObject({}).optional(),
    async ({ services, actor }): Promise<OrganizationRow[]> =>
      services.db.prisma.organization.findMany({
        where: visible(actor, 'user').kind === 'instance' ? {} : { id: actor.organizationId },
        select: { id: true, name: true },
        orderBy: { nameKey: 'asc' },
        take: 1000,
      }),
  ),
})
