import type { ProofMethod } from './factor.ts'
import type { Action, Relation } from './policy.ts'
import type { Role } from './role.ts'
import { ROLE_NAME } from './role.ts'

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
  NOT_IN_CELL: { action: Action; role: Role; relation: Relation; targetRole?: Role }
  CANNOT_GRANT: { role: Role }
  PASSWORD_CHANGE_REQUIRED: object
  SECOND_FACTOR_REQUIRED: object
  PROOF_REQUIRED: { methods: ProofMethod[] }
  NETWORK_NOT_ALLOWED: { address: string }
  NOT_FOUND: { what: 'user' | 'workspace' | 'session' | 'organization' | 'passkey' | 'procedure' }
  STALE: { version: number; at: string; by: { id: string; username: string | null } | null; fields: { field: string; theirs: string | null }[] }
  CHANGED_SINCE: { field: 'role' | 'dailyLimit' | 'status' | 'organizationId'; now: string | number | null }
  NAME_TAKEN: { name: string; what: 'username' | 'workspace' | 'organization' }
  SELECTION_CHANGED: object
  ALREADY_SET_UP: object
  SETUP_CODE_WRONG: object
  LAST_ADMINISTRATOR: object
  LOCKS_OUT_AUTHOR: { why: 'network' | 'second-factor'; address: string }
  FIRST_CHANGE_REQUIRED: object
  LIMIT_NOT_FOR_ADMINISTRATOR: object
  UNKNOWN_IDS: { what: 'user' | 'workspace'; ids: string[] }
  WORKSPACE_ARCHIVED: { name: string }
  LAST_MANAGER_OF_WORKSPACE: object
  NOT_A_MEMBER: object
  USER_NOT_ACTIVE: { status: 'suspended' | 'deleted' }
  PASSWORD_TOO_SHORT: { min: number }
  PASSWORD_COMMON: object
  PASSWORD_IS_USERNAME: object
  PASSWORD_UNCHANGED: object
  CURRENT_PASSWORD_WRONG: object
  FACTOR_WRONG: object
  PASSKEY_REFUSED: object
  PASSKEYS_UNAVAILABLE: object
  PASSKEY_KNOWN: object
  CHALLENGE_OVER: object
  LAST_FACTOR: object
  SECRET_KEY_MISSING: object
  CONFIRMATION_MISMATCH: { expected: string }
  LINK_INVALID: object
  CREDENTIALS_WRONG: object
  ACCOUNT_SUSPENDED: object
  TOO_MANY_TRIES: { retryAt: string }
  BUSY: object
  DATABASE_UNAVAILABLE: object
  TOO_LARGE: { limit: number }
  UNEXPECTED: { requestId: string }
}

export type RefusalCode = keyof RefusalDetails
export type Refusal = { [C in RefusalCode]: { code: C; details: RefusalDetails[C] } }[RefusalCode]

/** Why a session is over; shown to whoever held it, for 30 days. */
export const SESSION_END_REASONS = [
  'signed-out',
  'ended-by-self',
  'ended-by-other',
  'password-changed',
  'password-set-by-other',
  'factor-reset',
  'suspended',
  'organization-suspended',
  'deleted',
  'moved',
  'expired',
] as const
export type SessionEndReason = (typeof SESSION_END_REASONS)[number]

/** HTTP status of each refusal. */
export const REFUSAL_STATUS = {
  NOT_SIGNED_IN: 401,
  SESSION_ENDED: 401,
  CREDENTIALS_WRONG: 401,
  ACCOUNT_SUSPENDED: 403,
  BAD_INPUT: 400,
  NOT_BATCHABLE: 400,
  BAD_ORIGIN: 403,
  ROLE_LACKS_ACTION: 403,
  NOT_IN_CELL: 403,
  CANNOT_GRANT: 403,
  PASSWORD_CHANGE_REQUIRED: 403,
  SECOND_FACTOR_REQUIRED: 403,
  PROOF_REQUIRED: 403,
  NETWORK_NOT_ALLOWED: 403,
  NOT_FOUND: 404,
  LINK_INVALID: 404,
  STALE: 409,
  CHANGED_SINCE: 409,
  NAME_TAKEN: 409,
  SELECTION_CHANGED: 409,
  ALREADY_SET_UP: 409,
  SETUP_CODE_WRONG: 422,
  LAST_ADMINISTRATOR: 422,
  LIMIT_NOT_FOR_ADMINISTRATOR: 422,
  UNKNOWN_IDS: 422,
  WORKSPACE_ARCHIVED: 422,
  LAST_MANAGER_OF_WORKSPACE: 422,
  NOT_A_MEMBER: 422,
  USER_NOT_ACTIVE: 422,
  LOCKS_OUT_AUTHOR: 422,
  FIRST_CHANGE_REQUIRED: 422,
  PASSWORD_TOO_SHORT: 422,
  PASSWORD_COMMON: 422,
  PASSWORD_IS_USERNAME: 422,
  PASSWORD_UNCHANGED: 422,
  CURRENT_PASSWORD_WRONG: 422,
  FACTOR_WRONG: 422,
  PASSKEY_REFUSED: 422,
  PASSKEYS_UNAVAILABLE: 422,
  PASSKEY_KNOWN: 422,
  CHALLENGE_OVER: 422,
  LAST_FACTOR: 422,
  SECRET_KEY_MISSING: 422,
  CONFIRMATION_MISMATCH: 422,
  TOO_LARGE: 413,
  TOO_MANY_TRIES: 429,
  BUSY: 503,
  DATABASE_UNAVAILABLE: 503,
  UNEXPECTED: 500,
} as const satisfies Record<RefusalCode, number>

const ENDED: Record<SessionEndReason, string> = {
  'signed-out': 'You signed out.',
  'ended-by-self': 'You ended this session from another one.',
  'ended-by-other': 'Somebody who manages your account ended your sessions.',
  'password-changed': 'Your password was changed in another session.',
  'password-set-by-other': 'Somebody who manages your account set a new password for you.',
  'factor-reset': 'Somebody who manages your account reset your second factor. Sign in again.',
  suspended: 'Your account was suspended. Ask a manager of your organization.',
  'organization-suspended': 'Your organization was suspended. Ask an administrator of this instance.',
  deleted: 'Your account was deleted.',
  moved: 'Your account was moved to another organization. Sign in again.',
  expired: 'Your session expired. Sign in again.',
}

/** The English sentence of each refusal. The API, the command line and results in files use it; the console has its own, in the reader's language. */
const SENTENCES: { [C in RefusalCode]: (details: RefusalDetails[C]) => string } = {
  NOT_SIGNED_IN: () => 'Sign in first.',
  SESSION_ENDED: ({ reason }) => ENDED[reason],
  BAD_INPUT: ({ issues }) => issues.map((i) => (i.path.length > 0 ? `${i.path.join('.')}: ${i.message}` : i.message)).join(' ') || 'The input is not valid.',
  NOT_BATCHABLE: ({ procedure }) => `${procedure} has to be called on its own, not in a batch.`,
  BAD_ORIGIN: () => 'This call did not come from a page of this server.',
  ROLE_LACKS_ACTION: ({ role, action }) => `The role ${ROLE_NAME[role]} does not include this (${action}).`,
  NOT_IN_CELL: (d) => cellSentence(d),
  CANNOT_GRANT: ({ role }) => `You can't give the role ${ROLE_NAME[role]}: it is above your own.`,
  PASSWORD_CHANGE_REQUIRED: () => 'Choose a new password first.',
  SECOND_FACTOR_REQUIRED: () => 'Set up a second factor first.',
  PROOF_REQUIRED: () => 'Prove first that it is you.',
  NETWORK_NOT_ALLOWED: ({ address }) => `Your role may not come from this network (${address}).`,
  NOT_FOUND: ({ what }) => `There is no such ${what}, or you can't see it.`,
  STALE: ({ by }) => `${by?.username ?? 'Somebody'} saved a newer version meanwhile.`,
  CHANGED_SINCE: ({ field, now }) => `The ${field} was changed meanwhile: it is now ${now ?? 'not set'}.`,
  NAME_TAKEN: ({ name }) => `The name “${name}” is taken.`,
  SELECTION_CHANGED: () => 'The selection, or somebody in it, changed since the preview. Look at it again.',
  ALREADY_SET_UP: () => 'This instance is already set up. Sign in.',
  SETUP_CODE_WRONG: () => 'This is not the setup code of the running server. It is on the terminal, and in the file setup-code of the data folder.',
  LAST_ADMINISTRATOR: () => 'This would leave nobody who can administer the instance.',
  LIMIT_NOT_FOR_ADMINISTRATOR: () => 'An administrator has no daily limit.',
  UNKNOWN_IDS: ({ what, ids }) => `${ids.length} ${what}${ids.length === 1 ? '' : 's'} of this selection can't be found any more. Nothing was changed.`,
  WORKSPACE_ARCHIVED: ({ name }) => `“${name}” is archived. Restore it first.`,
  LAST_MANAGER_OF_WORKSPACE: () => 'You are the last manager of this workspace.',
  NOT_A_MEMBER: () => 'You are not a member of this workspace.',
  USER_NOT_ACTIVE: ({ status }) => `This user is ${status}.`,
  LOCKS_OUT_AUTHOR: ({ why, address }) =>
    why === 'network'
      ? `This would lock you out: you are at ${address}, which none of these networks holds.`
      : 'This would lock you out: set up a second factor of your own first.',
  FIRST_CHANGE_REQUIRED: () => 'The security policies want the first sign-in to ask for a new password.',
  PASSWORD_TOO_SHORT: ({ min }) => `At least ${min} characters.`,
  PASSWORD_COMMON: () => 'This is one of the commonest passwords. Choose another.',
  PASSWORD_IS_USERNAME: () => 'The password must not be the username.',
  PASSWORD_UNCHANGED: () => 'The new password must differ from the old one.',
  CURRENT_PASSWORD_WRONG: () => 'The current password is not right.',
  FACTOR_WRONG: () => 'This code is not right, or was used already.',
  PASSKEY_REFUSED: () => 'This passkey was not accepted.',
  PASSKEYS_UNAVAILABLE: () => 'Passkeys work only where the server has a name and is reached over https, or as localhost.',
  PASSKEY_KNOWN: () => 'This passkey is set up already.',
  CHALLENGE_OVER: () => 'This took too long, or too many answers were wrong. Begin anew.',
  LAST_FACTOR: () => 'Your role has to have a second factor. Set up another one before you remove this.',
  SECRET_KEY_MISSING: () => 'This server has no key to keep secrets with. Whoever runs it sets SECRET_KEY.',
  CONFIRMATION_MISMATCH: ({ expected }) => `Type “${expected}” to confirm.`,
  LINK_INVALID: () => 'This link is not valid: it was used, has expired, or was replaced. Ask whoever gave it to you for a new one.',
  CREDENTIALS_WRONG: () => 'The username or the password is not right.',
  ACCOUNT_SUSPENDED: () => 'Your account is suspended. Ask a manager of your organization.',
  TOO_MANY_TRIES: ({ retryAt }) => `Too many tries. Try again after ${retryAt}.`,
  BUSY: () => 'The server is busy. Try again in a moment.',
  DATABASE_UNAVAILABLE: () => 'The database can’t be reached. Nothing was changed. Try again in a moment.',
  TOO_LARGE: ({ limit }) => `This is too large: ${Math.floor(limit / 1024)} KiB at most.`,
  UNEXPECTED: ({ requestId }) => `Something went wrong on the server. Nothing is known to have changed. Request ${requestId}.`,
}

function cellSentence({ relation, targetRole, action }: RefusalDetails['NOT_IN_CELL']): string {
  if (relation === 'own') return 'You can’t do this to your own organization.'
  if (relation === 'self') return action === 'user.setRole' ? 'Nobody changes their own role.' : 'You can’t do this to your own account.'
  if (targetRole === 'administrator') return 'Only an administrator can change an administrator.'
  if (targetRole === 'manager') return 'Only an administrator can change a manager.'
  return 'Your role does not cover this.'
}

/** The English sentence of a refusal. */
export function sentence<C extends RefusalCode>(refusal: { code: C; details: RefusalDetails[C] }): string {
  return SENTENCES[refusal.code](refusal.details)
}

/** A refusal on its way up: thrown by any layer, turned into a status and `data.refusal` by the API's one error formatter. */
export class Refused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(sentence(refusal))
    this.name = 'Refused'
    this.refusal = refusal
  }
}

/** Make a refusal to throw: `throw refuse('NAME_TAKEN', { name, what: 'username' })`. */
export function refuse<C extends RefusalCode>(code: C, details: RefusalDetails[C]): Refused {
  return new Refused({ code, details } as Refusal)
}
