import type { ChangingProcedure } from './invalidates.ts'
import type { GuardedProcedure, PublicProcedure, ROUTE_ACTION } from './procedure.ts'
import type { RefusalCode } from './refusal.ts'
import type { Role } from './role.ts'

/** What only begins something, or is written down by what it does to each person. */
type Unrecorded = 'session.beginReauthentication' | 'session.reauthenticate' | 'factor.beginTotp' | 'factor.beginPasskey' | 'user.applyBulk' | 'import.run'
/** What is written down once it was done: changes, ways of coming in, and what happens to each member with a change of many, or by itself. */
export type RecordedAction =
  | Exclude<ChangingProcedure, Unrecorded>
  | 'session.signIn'
  | 'setup.run'
  | 'link.accept'
  | 'invitation.accept'
  | 'user.export'
  | 'member.added'
  | 'member.removed'
  | 'member.expired'
/** What an audit event may be about: what was done, or any call that was refused. */
export type AuditAction = RecordedAction | GuardedProcedure | PublicProcedure | keyof typeof ROUTE_ACTION

/** What is written down of coming in, and of trying to. */
export const SIGN_IN_ACTIONS = [
  'session.signIn',
  'session.confirmFactor',
  'session.signInWithPasskey',
  'link.accept',
  'invitation.accept',
  'setup.run',
] as const satisfies readonly AuditAction[]
export type SignInAction = (typeof SIGN_IN_ACTIONS)[number]

/** Which of the events within their sight a role reads in the audit log. */
export const READABLE_ACTIONS = {
  administrator: 'all',
  manager: 'all',
  default: SIGN_IN_ACTIONS,
} as const satisfies Record<Role, 'all' | readonly AuditAction[]>

/** The refusals that are kept for the audit log: by policy (networks are one), by scope, and failed sign-ins. */
export const RECORDED_REFUSALS = [
  'ROLE_LACKS_ACTION',
  'TARGET_NOT_ALLOWED',
  'CANNOT_GRANT',
  'INVITATION_OUT_OF_SCOPE',
  'NOT_FOUND',
  'LAST_ADMINISTRATOR',
  'INVALID_CREDENTIALS',
  'ACCOUNT_SUSPENDED',
  'NETWORK_NOT_ALLOWED',
  'INVALID_SETUP_CODE',
  'INVALID_LINK',
  'INVALID_CURRENT_PASSWORD',
  'INVALID_CODE',
  'PASSKEY_REFUSED',
  'CHALLENGE_EXPIRED',
  'TOO_MANY_ATTEMPTS',
] as const satisfies readonly RefusalCode[]
export type RecordedRefusal = (typeof RECORDED_REFUSALS)[number]

/** What acted: whose hand a change came through. */
export const THROUGH = ['session', 'command-line', 'setup-code', 'link', 'invitation', 'system'] as const
export type Through = (typeof THROUGH)[number]

/** The fields an audit event may carry before and after; whatever else changes is not written down. */
export const AUDITED_FIELDS = [
  'username',
  'displayName',
  'about',
  'role',
  'status',
  'dailyLimit',
  'language',
  'theme',
  'timeFormat',
  'passwordChangeRequired',
  'name',
  'archivedAt',
  'organizationId',
  'workspaceIds',
  'added',
  'removed',
  'reason',
  'expiresAt',
  'supportAddress',
  'defaultTimeZone',
  'memberCount',
  'sessions',
  'timeZone',
  'managerScope',
  'oversight',
  'users',
  'passwordMin',
  'changeAtFirstSignIn',
  'sessionIdleSeconds',
  'sessionAbsoluteSeconds',
  'freeAttempts',
  'addressAttempts',
  'secondFactorRoles',
  'apiKeyRoles',
  'administratorNetworks',
  'managerNetworks',
  'defaultNetworks',
  'secondFactor',
  'passkeys',
  'uses',
  'accepted',
  'filter',
  'device',
] as const
export type AuditedField = (typeof AUDITED_FIELDS)[number]
export type AuditedValues = Partial<Record<AuditedField, string | number | boolean | null | string[]>>
