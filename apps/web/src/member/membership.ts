import { lastDayOf } from '@roster/domain'

/** One membership, with all that is said when its end is asked for and changed. */
export interface Membership {
  workspaceId: string
  workspaceName: string
  userId: string
  /** The member's. */
  name: string
  expiresAt: string | null
  /** Where the organization's days end. */
  timeZone: string
}

/** The last day that a membership counts on, in its organization's time zone. */
export function lastDayOfMembership({ expiresAt, timeZone }: Pick<Membership, 'expiresAt' | 'timeZone'>): string | null {
  return expiresAt === null ? null : lastDayOf(expiresAt, timeZone)
}
