import { lastDayOf } from '@roster/domain'

/** One membership, with the names and the time zone that its expiry dialog shows. */
export interface Membership {
  workspaceId: string
  workspaceName: string
  userId: string
  /** The display name of the member. */
  name: string
  expiresAt: string | null
  /** The time zone of the organization, in which days end. */
  timeZone: string
}

/** The last day on which a membership is valid, in the organization's time zone; null when it doesn't expire. */
export function lastDayOfMembership({
  expiresAt,
  timeZone,
}: Pick<Membership, 'expiresAt' | 'timeZone'>): string | null {
  return expiresAt === null ? null : lastDayOf(expiresAt, timeZone)
}
