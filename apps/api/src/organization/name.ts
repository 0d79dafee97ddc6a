import { isOrganizationNameTaken, uniqueViolation } from '@roster/db'
import { refuse } from '@roster/domain'

/** Runs a write of an organization's name and translates a unique violation. @throws NAME_TAKEN */
export async function withUniqueOrganizationName<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (isOrganizationNameTaken(uniqueViolation(error))) throw refuse('NAME_TAKEN', { name, what: 'organization' })
    throw error
  }
}
