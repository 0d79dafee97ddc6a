import { caseless, searchKey } from '@roster/domain'

/** What is kept beside the name of an organization or a workspace: what sorting and searching go by, and what tells whether a name is taken. */
export function nameKeysOf(name: string): { nameKey: string; caselessName: string } {
  return { nameKey: searchKey(name), caselessName: caseless(name) }
}
