import { type LockedOrganization, type OrganizationUpdate, writeOrganization } from '@roster/db'
import type { ChangeContext } from '../call/change.ts'
import { withUniqueOrganizationName } from './name.ts'

/** Sets one field of a locked organization. An equal value changes nothing. @throws NAME_TAKEN */
export async function setOrganization<K extends Exclude<keyof OrganizationUpdate, 'status'>>(
  { tx, organization, record }: ChangeContext<unknown> & { organization: LockedOrganization },
  field: K,
  value: LockedOrganization[K],
): Promise<{ changed: boolean }> {
  const { id, name } = organization
  if (organization[field] === value) return { changed: false }
  await withUniqueOrganizationName(String(value), () => writeOrganization(tx, id, { [field]: value }))
  record({
    organizationId: id,
    targetKind: 'organization',
    targetId: id,
    targetName: name,
    before: { [field]: organization[field] },
    after: { [field]: value },
  })
  return { changed: true }
}
