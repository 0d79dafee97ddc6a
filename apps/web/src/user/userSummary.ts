import type { UserRow } from '@roster/domain'

/** What has to be known of a user to act on them: a row of the list has it, and so has their page. */
export type UserSummary = Pick<UserRow, 'id' | 'organizationId' | 'username' | 'displayName' | 'role' | 'status'>

/** The name to speak of somebody by. */
export function displayNameOf({ displayName, username }: Pick<UserSummary, 'displayName' | 'username'>): string {
  return displayName ?? username
}
