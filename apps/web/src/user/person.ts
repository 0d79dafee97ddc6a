import type { UserRow } from '@roster/domain'

/** What has to be known of a user to act on them: a row of the list has it, and so has their page. */
export type Person = Pick<UserRow, 'id' | 'organizationId' | 'username' | 'displayName' | 'role' | 'status'>

/** The name to speak of somebody by. */
export function personName({ displayName, username }: Pick<Person, 'displayName' | 'username'>): string {
  return displayName ?? username
}
