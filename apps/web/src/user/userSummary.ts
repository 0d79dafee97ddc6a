import type { UserRow } from '@roster/domain'

/** The fields that actions on a user need. List rows and user details both have them. */
export type UserSummary = Pick<UserRow, 'id' | 'organizationId' | 'username' | 'displayName' | 'role' | 'status'>

/** The display name, or the username if there is none. */
export function displayNameOf({ displayName, username }: Pick<UserSummary, 'displayName' | 'username'>): string {
  return displayName ?? username
}
