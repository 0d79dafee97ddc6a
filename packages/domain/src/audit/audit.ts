import type { Role } from '../policy/role.ts'
import type { GuardedRoute, Procedure, RecordedAction } from '../procedure/procedure.ts'
import type { RefusalCode } from '../refusal/refusal.ts'

/** What an audit event can name: an action that was done, or any call that was refused. */
export type AuditAction = RecordedAction | Procedure | GuardedRoute

/** Sign-ins, and attempts to sign in. */
export const SIGN_IN_ACTIONS = [
  'session.signIn',
  'session.confirmFactor',
  'session.signInWithPasskey',
  'link.accept',
  'invitation.accept',
  'setup.run',
] as const satisfies readonly AuditAction[]
export type SignInAction = (typeof SIGN_IN_ACTIONS)[number]

/** The events that each role reads in the audit log, within its visibility. */
export const READABLE_ACTIONS = {
  administrator: 'all',
  manager: 'all',
  default: SIGN_IN_ACTIONS,
} as const satisfies Record<Role, 'all' | readonly AuditAction[]>

/** The refusals that the audit log records: by policy (networks included), by scope, and failed sign-ins. */
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

/** The credential or the system part that a change came through. */
export const THROUGH = ['session', 'command-line', 'setup-code', 'link', 'invitation', 'system'] as const
export type Through = (typeof THROUGH)[number]

/** The fields that an audit event can have before and after. Other fields are not recorded. */
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
