import { randomUUIDv7 } from 'node:crypto'
import { insertOrganization } from '@roster/db'
import type { organizationCreate } from '@roster/domain'
import type * as z from 'zod'
import type { ChangeContext } from '../call/change.ts'
import { withUniqueOrganizationName } from './name.ts'

/** Creates an empty organization. Its time zone defaults to the instance's. @throws NAME_TAKEN */
export async function createOrganization({
  tx,
  actor,
  input,
  record,
}: ChangeContext<z.output<typeof organizationCreate>>): Promise<{ id: string; name: string }> {
  const { name } = input
  const id = randomUUIDv7()
  await withUniqueOrganizationName(name, () =>
    insertOrganization(tx, { id, name, timeZone: input.timeZone ?? null, createdById: actor.id }),
  )
  record({ organizationId: id, targetKind: 'organization', targetId: id, targetName: name, after: { name } })
  return { id, name }
}
