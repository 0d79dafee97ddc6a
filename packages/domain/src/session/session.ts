import * as z from 'zod'
import type { RecordedRefusal, SignInAction } from '../audit/audit.ts'
import { id } from '../id.ts'
import type { ManagerScope } from '../organization.ts'
import type { Role } from '../policy/role.ts'
import { problem } from '../refusal/fieldProblem.ts'
import { newPassword, typedPassword } from '../user/password.ts'
import { page } from '../user/user.ts'
import type { SessionEndReason } from './sessionEnd.ts'

/**
 * `session.signIn`. Only the username's length is checked, so an invalid one gets the same answer as an unknown one.
 */
export const signIn = z.strictObject({
  username: z
    .string({ error: problem('REQUIRED_OWN_USERNAME') })
    .trim()
    .toLowerCase()
    .min(1, { error: problem('REQUIRED_OWN_USERNAME') })
    .max(256, { error: problem('TOO_LONG', { max: 256 }) }),
  password: typedPassword,
})
export const changePassword = z.strictObject({ current: typedPassword, password: newPassword })
export const sessionEnd = z.strictObject({ sessionId: id.optional() })
export const sessionSignInHistory = z.strictObject({ page: page.default({ size: 25 }) })

/** The lifetimes of a session: without use, and in all. */
export const SESSION_IDLE_MS = 7 * 24 * 60 * 60 * 1000
export const SESSION_ABSOLUTE_MS = 30 * 24 * 60 * 60 * 1000

/** The principal's own session and account. */
export interface SessionMe {
  sessionId: string
  user: {
    id: string
    username: string
    displayName: string | null
    about: string | null
    role: Role
    organizationId: string
    dailyLimit: number | null
    language: string | null
    theme: string | null
    timeFormat: string | null
    version: number
  }
  organization: { id: string; name: string; timeZone: string; managerScope: ManagerScope }
  /** `passwordMin`, `changeAtFirstSignIn`: the security policies for new passwords. */
  instance: { name: string; supportAddress: string | null; passwordMin: number; changeAtFirstSignIn: boolean }
  passwordChangeRequired: boolean
  /**
   * The user who set the password, until the principal acknowledges it. `username` is null for a deleted user and for
   * the operator.
   */
  passwordSetBy: { username: string | null; operator: boolean; at: string } | null
  /** Whether a required second factor is missing. No other procedure works until it is set up. */
  secondFactorRequired: boolean
  /** The user who reset the second factor, until the principal acknowledges it. */
  factorResetBy: { username: string | null; operator: boolean; at: string } | null
}

/** `user.endSession`: a session of another user. */
export const onSession = z.strictObject({ userId: id, sessionId: id })

/** A session of the principal in a list. */
export interface SessionRow {
  id: string
  device: string | null
  address: string | null
  createdAt: string
  lastSeenAt: string
  current: boolean
}

/** A sign-in under the principal's username, or a refused attempt. */
export interface SignInRow {
  id: string
  at: string
  action: SignInAction
  outcome: 'allowed' | 'refused'
  code: RecordedRefusal | null
  /** How often within the same minute, for refusals. */
  count: number
  /** Null for a refused attempt. */
  device: string | null
  address: string | null
  /** Whether the present session began with it. */
  current: boolean
}

/** An ended session of a user. */
export interface EndedSessionRow extends Omit<SessionRow, 'current'> {
  endedAt: string
  reason: SessionEndReason
  /** The other user who ended it, if the reader can see them. */
  endedBy: { id: string; name: string } | null
}

/** A user's sessions as their manager sees them: the open ones, last active first, and the last ended ones. */
export interface UserSessions {
  open: SessionRow[]
  ended: EndedSessionRow[]
}
