import { isOrganizationName, uniqueViolation } from '@roster/db'
import { refuse } from '@roster/domain'

/** Run a write of an organization's name; one that is taken is told in words. @throws NAME_TAKEN */
export async function withUniqueOrganizationName<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (isOrganizationName(uniqueViolation(error))) throw refuse('NAME_TAKEN', { name, what: 'organization' })
    throw error
  }
}
