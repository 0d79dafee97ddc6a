import { caseless, searchKey } from '@roster/domain'

/**
 * The keys that are stored with the name of an organization or a workspace: one for sorting and searching, one for
 * uniqueness.
 */
export function nameKeys(name: string): { nameKey: string; caselessName: string } {
  return { nameKey: searchKey(name), caselessName: caseless(name) }
}
