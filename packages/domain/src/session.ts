import * as z from 'zod'
import type { RecordedRefusal, SignInAction } from './audit.ts'
import { problem } from './fieldProblem.ts'
import { id } from './id.ts'
import type { ManagerScope } from './organization.ts'
import { newPassword, typedPassword } from './password.ts'
import type { Role } from './role.ts'
import type { SessionEndReason } from './sessionEnd.ts'
import { page } from './user.ts'

/** `session.signIn`. The username is only bounded: an impossible one gets the same answer as a wrong one. */
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

/** Lifetimes of a session: without use, and in all. */
export const SESSION_IDLE_MS = 7 * 24 * 60 * 60 * 1000
export const SESSION_ABSOLUTE_MS = 30 * 24 * 60 * 60 * 1000

/** What a signed-in browser knows of itself. */
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
  /** `passwordMin`, `changeAtFirstSignIn`: what the security policies ask of new passwords. */
  instance: { name: string; supportAddress: string | null; passwordMin: number; changeAtFirstSignIn: boolean }
  passwordChangeRequired: boolean
  /** Set while somebody else's setting of the password has not been acknowledged. Without a username they are gone since, or it was the operator. */
  passwordSetBy: { username: string | null; operator: boolean; at: string } | null
  /** Whether the security policies want a second factor of them, and they have none: nothing else answers until it is set up. */
  secondFactorRequired: boolean
  /** Set while somebody else's reset of the second factor has not been acknowledged. */
  factorResetBy: { username: string | null; operator: boolean; at: string } | null
}

/** One of somebody's sessions: `user.endSession`. */
export const onSession = z.strictObject({ userId: id, sessionId: id })

/** One's own session in a list. */
export interface SessionRow {
  id: string
  device: string | null
  address: string | null
  createdAt: string
  lastSeenAt: string
  current: boolean
}

/** Once that somebody came in under their own name, or that whoever it was tried to under it. */
export interface SignInRow {
  id: string
  at: string
  action: SignInAction
  outcome: 'allowed' | 'refused'
  code: RecordedRefusal | null
  /** How often within the minute, for refusals. */
  count: number
  /** Of a refused try it isn't known. */
  device: string | null
  address: string | null
  /** The session that asks began with it. */
  current: boolean
}

/** A session of somebody that is over. */
export interface EndedSessionRow extends Omit<SessionRow, 'current'> {
  endedAt: string
  reason: SessionEndReason
  /** Who ended it, where that was somebody else whom the reader sees. */
  endedBy: { id: string; name: string } | null
}

/** Somebody's sessions, as whoever may end them sees them: the open ones, the latest seen first, and the last that ended. */
export interface UserSessions {
  open: SessionRow[]
  ended: EndedSessionRow[]
}
