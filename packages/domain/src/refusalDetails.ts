import type { ReauthenticationMethod } from './factor.ts'
import type { Action, Relation } from './policy.ts'
import type { Role } from './role.ts'
import type { SessionEndReason } from './sessionEnd.ts'

/** One field's complaint: where (`['displayName']`) and what, as data; the console translates `rule`, the API's reader gets `message`. */
export interface FieldIssue {
  path: (string | number)[]
  rule: string
  message: string
}

/** What each refusal carries. A refusal is data: the code, and the details its sentence is made of. */
export interface RefusalDetails {
  NOT_SIGNED_IN: object
  SESSION_ENDED: { reason: SessionEndReason; at: string }
  BAD_INPUT: { issues: FieldIssue[] }
  NOT_BATCHABLE: { procedure: string }
  BAD_ORIGIN: object
  ROLE_LACKS_ACTION: { action: Action; role: Role }
  TARGET_NOT_ALLOWED: { action: Action; role: Role; relation: Relation; targetRole?: Role }
  CANNOT_GRANT: { role: Role }
  PASSWORD_CHANGE_REQUIRED: object
  SECOND_FACTOR_REQUIRED: object
  REAUTHENTICATION_REQUIRED: { methods: ReauthenticationMethod[] }
  NETWORK_NOT_ALLOWED: { address: string }
  NOT_FOUND: { what: 'user' | 'workspace' | 'session' | 'organization' | 'passkey' | 'member' | 'invitation' | 'request' | 'import' | 'procedure' }
  /** What changed since the caller read it. `version`, `at` and `by` are null where the thing has no version of its own, such as a role. */
  CONFLICT: {
    version: number | null
    at: string | null
    by: { id: string; username: string | null } | null
    fields: { field: string; theirs: string | number | null }[]
  }
  NAME_TAKEN: { name: string; what: 'username' | 'workspace' | 'organization' }
  PREVIEW_OUTDATED: object
  FILE_UNREADABLE: { why: 'quote' | 'rows' | 'columns' | 'nobody'; line: number }
  DUPLICATE_ROW: { row: number }
  WORKSPACE_UNKNOWN: { name: string }
  ALREADY_SET_UP: object
  INVALID_SETUP_CODE: object
  LAST_ADMINISTRATOR: object
  LOCKS_OUT_AUTHOR: { why: 'network' | 'second-factor'; address: string }
  FIRST_CHANGE_REQUIRED: object
  /** Somebody is to get a role, or to be where, their password's chooser would not be let: who that was, if they are seen. */
  PASSWORD_CHOSEN_BY_OTHER: { by: string | null }
  LIMIT_NOT_FOR_ADMINISTRATOR: object
  UNKNOWN_IDS: { what: 'user' | 'workspace'; ids: string[] }
  WORKSPACE_ARCHIVED: { name: string }
  LAST_MANAGER_OF_WORKSPACE: object
  NOT_A_MEMBER: object
  OWN_MEMBERSHIP_EXPIRY: object
  DATE_IN_PAST: object
  USER_NOT_ACTIVE: { status: 'suspended' | 'deleted' }
  PASSWORD_TOO_SHORT: { min: number }
  PASSWORD_COMMON: object
  PASSWORD_IS_USERNAME: object
  PASSWORD_UNCHANGED: object
  INVALID_CURRENT_PASSWORD: object
  INVALID_CODE: object
  PASSKEY_REFUSED: object
  PASSKEYS_UNAVAILABLE: object
  PASSKEY_EXISTS: object
  CHALLENGE_EXPIRED: object
  LAST_FACTOR: object
  SECRET_KEY_MISSING: object
  CONFIRMATION_MISMATCH: { expected: string }
  INVALID_LINK: object
  INVITATION_INACTIVE: { state: 'used' | 'revoked' }
  INVITATION_OUT_OF_SCOPE: object
  REQUEST_DECIDED: { by: string | null; accepted: boolean }
  TOO_MANY_REQUESTS: { most: number }
  TOO_MANY_IMPORTS: { most: number }
  IMPORT_FINISHED: object
  EXPORT_RUNNING: object
  INVALID_CREDENTIALS: object
  ACCOUNT_SUSPENDED: object
  TOO_MANY_ATTEMPTS: { retryAt: string }
  BUSY: object
  DATABASE_UNAVAILABLE: object
  OUTCOME_UNKNOWN: object
  TOO_LARGE: { limit: number }
  INTERNAL_ERROR: { requestId: string }
}

export type RefusalCode = keyof RefusalDetails
export type Refusal = { [C in RefusalCode]: { code: C; details: RefusalDetails[C] } }[RefusalCode]
