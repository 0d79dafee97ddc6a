import type { ReauthenticationMethod } from '../factor/factor.ts'
import type { Action, Relation } from '../policy/policy.ts'
import { ROLE_NAME, type Role } from '../policy/role.ts'
import type { SessionEndReason } from '../session/sessionEnd.ts'
import { secondsUntil, type ValueFormat } from '../text/valueFormat.ts'
import type { FieldIssue } from './fieldProblem.ts'

type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503

/** One refusal: its HTTP status, and its English sentence. What the sentence takes are the refusal's details. */
interface Row<Status extends RefusalStatus, Details> {
  status: Status
  english: (details: Details, format: ValueFormat) => string
}

function row<const Status extends RefusalStatus, Details extends object>(
  status: Status,
  english: Row<Status, Details>['english'],
): Row<Status, Details> {
  return { status, english }
}

/** Declares a refusal without details. */
function plain<const Status extends RefusalStatus>(status: Status, english: string): Row<Status, object> {
  return { status, english: () => english }
}

/** What a `NOT_FOUND` is about. */
type Missing =
  | 'user'
  | 'workspace'
  | 'session'
  | 'organization'
  | 'passkey'
  | 'member'
  | 'invitation'
  | 'request'
  | 'import'
  | 'connection'
  | 'thread'
  | 'procedure'

interface TargetNotAllowed {
  action: Action
  role: Role
  relation: Relation
  targetRole?: Role
}

/**
 * What changed since the principal read it. `version`, `at` and `by` are null for a value that has no version of its
 * own, such as a role.
 */
interface Conflict {
  version: number | null
  at: string | null
  by: { id: string; username: string | null } | null
  fields: { field: string; theirs: string | number | null }[]
}

interface FileUnreadable {
  why: 'quote' | 'rows' | 'columns' | 'empty' | 'effort'
  line: number
}

/** Every refusal of the API: code, status, details and the English sentence. Other languages have the same codes. */
export const REFUSALS = {
  NOT_SIGNED_IN: plain(401, 'Sign in first.'),
  SESSION_ENDED: row(401, ({ reason }: { reason: SessionEndReason; at: string }) => SESSION_ENDED[reason]),
  INVALID_CREDENTIALS: plain(401, 'Wrong username or password.'),
  ACCOUNT_SUSPENDED: plain(403, 'Your account is suspended. Ask a manager of your organization.'),

  BAD_INPUT: row(400, ({ issues }: { issues: FieldIssue[] }) => badInput(issues)),
  NOT_BATCHABLE: row(400, ({ procedure }: { procedure: string }) => `Call ${procedure} on its own, not in a batch.`),
  BAD_ORIGIN: plain(403, 'This request came from an address this server doesn’t trust. Reload the page.'),

  ROLE_LACKS_ACTION: row(
    403,
    ({ role }: { action: Action; role: Role }) =>
      `You need a different role to do this. You’re signed in as ${ROLE_NAME[role]}.`,
  ),
  TARGET_NOT_ALLOWED: row(403, (details: TargetNotAllowed) => targetNotAllowed(details)),
  CANNOT_GRANT: row(
    403,
    ({ role }: { role: Role }) => `You can’t assign ${ROLE_NAME[role]} because it’s higher than your own role.`,
  ),
  PASSWORD_CHANGE_REQUIRED: plain(403, 'Choose a new password first.'),
  SECOND_FACTOR_REQUIRED: plain(403, 'Set up two-factor authentication first.'),
  REAUTHENTICATION_REQUIRED: row(
    403,
    (_: { methods: ReauthenticationMethod[] }) => 'Nothing was changed. Confirm your identity to continue.',
  ),
  NETWORK_NOT_ALLOWED: row(
    403,
    ({ address }: { address: string }) => `Your role can’t sign in from this network (${address}).`,
  ),

  NOT_FOUND: row(404, ({ what }: { what: Missing }) => NOT_FOUND[what]),
  INVALID_LINK: plain(
    404,
    'This link no longer works. It may have been used, expired or replaced. Ask the person who sent it for a new one.',
  ),

  CONFLICT: row(409, (details: Conflict, format) => conflict(details, format)),
  NAME_TAKEN: row(
    409,
    ({ name }: { name: string; what: 'username' | 'workspace' | 'organization' }) => `The name “${name}” is taken.`,
  ),
  REQUEST_DECIDED: row(
    409,
    ({ by, accepted }: { by: string | null; accepted: boolean }) =>
      `${by ?? 'Someone'} has already ${accepted ? 'accepted' : 'declined'} this request.`,
  ),
  PREVIEW_OUTDATED: plain(409, 'The users you selected have changed. Review the updated preview before you continue.'),
  ALREADY_SET_UP: plain(409, 'This instance is already set up. Sign in.'),

  INVALID_SETUP_CODE: plain(
    422,
    'That setup code is wrong. You’ll find the current code in the terminal and in the setup-code file in the data folder.',
  ),
  LAST_ADMINISTRATOR: plain(422, 'There must be at least one active administrator.'),
  LIMIT_NOT_FOR_ADMINISTRATOR: plain(422, 'An administrator has no daily limit.'),
  UNKNOWN_IDS: row(422, ({ what, ids }: { what: 'user' | 'workspace'; ids: string[] }, { number }) =>
    ids.length === 1
      ? `1 selected ${what} no longer exists. Nothing was changed.`
      : `${number(ids.length)} selected ${what}s no longer exist. Nothing was changed.`,
  ),
  FILE_UNREADABLE: row(422, ({ why, line }: FileUnreadable, { number }) => FILE_UNREADABLE[why](number(line))),
  DUPLICATE_ROW: row(422, (details: { row: number }, { number }) => `Same username as row ${number(details.row)}.`),
  WORKSPACE_UNKNOWN: row(
    422,
    ({ name }: { name: string }) => `The workspace “${name}” doesn’t exist, or you don’t have access.`,
  ),
  WORKSPACE_ARCHIVED: row(422, ({ name }: { name: string }) => `“${name}” is archived. Restore it first.`),
  LAST_MANAGER_OF_WORKSPACE: plain(422, 'You are the last manager of this workspace.'),
  NOT_A_MEMBER: plain(422, 'You are not a member of this workspace.'),
  OWN_MEMBERSHIP_EXPIRY: plain(422, 'You can’t change when your own membership expires.'),
  DATE_IN_PAST: plain(422, 'Choose today or a later date.'),
  USER_NOT_ACTIVE: row(422, ({ status }: { status: 'suspended' | 'deleted' }) => `This user is ${status}.`),
  LOCKS_OUT_AUTHOR: row(422, ({ why, address }: { why: 'network' | 'second-factor'; address: string }) =>
    why === 'network'
      ? `This would lock you out. Your address, ${address}, isn’t in any of these networks.`
      : 'This would lock you out. Set up two-factor authentication for your own account first.',
  ),
  FIRST_CHANGE_REQUIRED: plain(
    422,
    'Your security policy requires users to change their password when they first sign in.',
  ),
  /**
   * Another user set the password, and lacks the role or organization that its owner would get. `by`: their name, if
   * the principal sees them.
   */
  PASSWORD_CHOSEN_BY_OTHER: row(
    422,
    ({ by }: { by: string | null }) =>
      `${by ?? 'Someone'} set this user’s password and it hasn’t been changed since. Reset it before you give them more access.`,
  ),
  PASSWORD_TOO_SHORT: row(422, ({ min }: { min: number }, { number }) => `At least ${number(min)} characters.`),
  PASSWORD_COMMON: plain(422, 'This password is too common. Choose another.'),
  PASSWORD_IS_USERNAME: plain(422, 'The password can’t be the username.'),
  PASSWORD_UNCHANGED: plain(422, 'The new password must differ from the old one.'),
  INVALID_CURRENT_PASSWORD: plain(422, 'The current password is wrong.'),
  INVALID_CODE: plain(422, 'That code is wrong or has already been used.'),
  PASSKEY_REFUSED: plain(422, 'This passkey was not accepted.'),
  PASSKEYS_UNAVAILABLE: plain(422, 'Passkeys need an https address with a domain name (or localhost).'),
  PASSKEY_EXISTS: plain(422, 'This passkey is already set up.'),
  CHALLENGE_EXPIRED: plain(422, 'This took too long, or there were too many wrong answers. Start again.'),
  LAST_FACTOR: plain(
    422,
    'Your role requires two-factor authentication. Add another method before you remove this one.',
  ),
  SECRET_KEY_MISSING: plain(
    422,
    'This server isn’t set up to store secrets. Ask the server operator to set SECRET_KEY.',
  ),
  CONFIRMATION_MISMATCH: row(422, ({ expected }: { expected: string }) => `Type “${expected}” to confirm.`),
  INVITATION_INACTIVE: row(422, ({ state }: { state: 'used' | 'revoked' }) =>
    state === 'used'
      ? 'This invitation is used up. Create a new one.'
      : 'This invitation was revoked. Create a new one.',
  ),
  INVITATION_OUT_OF_SCOPE: plain(
    422,
    'You can’t add users to one of this invitation’s workspaces. Create a new invitation.',
  ),
  TOO_MANY_REQUESTS: row(
    422,
    ({ max }: { max: number }, { number }) =>
      `You already have ${number(max)} open requests. Wait for a decision, or withdraw one.`,
  ),
  TOO_MANY_IMPORTS: row(
    422,
    ({ max }: { max: number }, { number }) =>
      `You have ${number(max)} unfinished imports. Finish or discard one first.`,
  ),
  IMPORT_FINISHED: plain(422, 'This import is finished, so there is nothing left to discard.'),

  TOO_LARGE: row(
    413,
    ({ limit }: { limit: number }, { number }) =>
      `This is too large. The limit is ${number(Math.floor(limit / 1024))} KiB.`,
  ),
  TOO_MANY_ATTEMPTS: row(
    429,
    ({ retryAt }: { retryAt: string }, format) => `Too many attempts. Try again in ${timeLeft(retryAt, format)}.`,
  ),
  EXPORT_RUNNING: plain(429, 'You already have an export running. Wait until it is done.'),
  BUSY: plain(503, 'The server is busy. Try again in a moment.'),
  DATABASE_UNAVAILABLE: plain(503, 'The database can’t be reached. Nothing was changed. Try again in a moment.'),
  OUTCOME_UNKNOWN: plain(
    503,
    'We lost the database while saving. Check whether the change went through before you try again.',
  ),
  INTERNAL_ERROR: row(
    500,
    (_: { requestId: string }) => 'There was a problem on our side. As far as we can tell, nothing was changed.',
  ),
}

const SESSION_ENDED: Record<SessionEndReason, string> = {
  'signed-out': 'You signed out.',
  'ended-by-self': 'You ended this session from another one.',
  'ended-by-other': 'Someone who manages your account ended your sessions.',
  'password-changed': 'Your password was changed in another session. Sign in with the new one.',
  'password-set-by-other': 'Someone who manages your account set a new password for you.',
  'factor-reset': 'Someone who manages your account reset your two-factor authentication. Sign in again.',
  suspended: 'Your account was suspended. Ask a manager of your organization.',
  'organization-suspended': 'Your organization was suspended. Ask an administrator of this instance.',
  deleted: 'Your account was deleted.',
  moved: 'Your account was moved to another organization. Sign in again.',
  expired: 'Your session expired. Sign in again.',
}

const NOT_FOUND: Record<Missing, string> = {
  user: 'This user doesn’t exist, or you don’t have access.',
  workspace: 'This workspace doesn’t exist, or you don’t have access.',
  session: 'This session has already ended.',
  organization: 'This organization doesn’t exist, or you don’t have access.',
  passkey: 'This passkey has already been removed.',
  member: 'This user is no longer a member of this workspace.',
  invitation: 'This invitation doesn’t exist, or you don’t have access.',
  request: 'This request has already been handled.',
  import: 'This import doesn’t exist, or it isn’t yours.',
  connection: 'This connection has ended. Reload the page to continue.',
  thread: 'This thread doesn’t exist, or you don’t have access.',
  procedure: 'This page is out of date. Reload it to continue.',
}

const FILE_UNREADABLE: Record<FileUnreadable['why'], (line: string) => string> = {
  quote: (line) => `Line ${line} can’t be read because its quotes don’t match.`,
  rows: () => 'At most 10,000 users at once. Split the file.',
  columns: () => 'At most 500 columns.',
  empty: () => 'The file has no rows below the header.',
  effort: () => 'The file takes too much memory or time to read. Split it.',
}

function badInput(issues: readonly FieldIssue[]): string {
  return (
    issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join(' ') ||
    'The input is not valid.'
  )
}

function targetNotAllowed({ relation, targetRole, action }: TargetNotAllowed): string {
  if (relation === 'own') return 'You can’t do this to your own organization.'
  if (relation === 'self')
    return action === 'user.setRole' ? 'You can’t change your own role.' : 'You can’t do this to your own account.'
  if (action === 'member.leave') return 'You are not a member of this workspace.'
  if (targetRole === 'administrator') return 'Only an administrator can change an administrator.'
  if (targetRole === 'manager') return 'Only an administrator can change a manager.'
  return 'Your role doesn’t allow this.'
}

function conflict({ by, version, fields }: Conflict, format: ValueFormat): string {
  const [changed] = fields
  if (version !== null || !changed) return `${by?.username ?? 'Someone else'} saved changes while you were editing.`
  const { field, theirs } = changed
  switch (field) {
    case 'role':
      return `The role has since been changed to ${isRole(theirs) ? ROLE_NAME[theirs] : theirs}.`
    case 'status':
      return `The status has since been changed to ${theirs}.`
    case 'dailyLimit':
      return typeof theirs === 'number'
        ? `The daily limit has since been changed to ${format.number(theirs)}.`
        : 'The daily limit has since been removed.'
    case 'organizationId':
      return 'This user has since been moved to another organization.'
    case 'expiresAt':
      return typeof theirs === 'string'
        ? `The expiry of this membership has since been changed to ${format.dateTime(theirs)}.`
        : 'The expiry of this membership has since been removed.'
    case 'archivedAt':
      return theirs === null
        ? 'This workspace has been restored since.'
        : 'This workspace has been archived again since.'
    default:
      return 'Someone else saved changes while you were editing.'
  }
}

function isRole(value: unknown): value is Role {
  return typeof value === 'string' && Object.hasOwn(ROLE_NAME, value)
}

/** Minutes once they are at least two, else seconds. */
function timeLeft(iso: string, { now, number }: ValueFormat): string {
  const seconds = secondsUntil(iso, now)
  if (seconds >= 120) return `${number(Math.ceil(seconds / 60))} minutes`
  return seconds === 1 ? '1 second' : `${number(seconds)} seconds`
}
