import type { RefusalCode, RefusalDetails } from './refusalDetails.ts'
import { ROLE_NAME } from './role.ts'
import type { SessionEndReason } from './sessionEnd.ts'

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

const UNREADABLE: Record<RefusalDetails['FILE_UNREADABLE']['why'], (line: number) => string> = {
  quote: (line) => `Line ${line} can't be read: its quotes don't match.`,
  rows: () => 'At most 10,000 people at once. Split the file.',
  columns: () => 'At most 500 columns.',
  nobody: () => 'There is nobody below the header.',
}

/** The English sentence of each refusal. The API, the command line and results in files use it; the console has its own, in the reader's language. */
const SENTENCES: { [C in RefusalCode]: (details: RefusalDetails[C]) => string } = {
  NOT_SIGNED_IN: () => 'Sign in first.',
  SESSION_ENDED: ({ reason }) => ENDED[reason],
  BAD_INPUT: ({ issues }) => issues.map((i) => (i.path.length > 0 ? `${i.path.join('.')}: ${i.message}` : i.message)).join(' ') || 'The input is not valid.',
  NOT_BATCHABLE: ({ procedure }) => `${procedure} has to be called on its own, not in a batch.`,
  BAD_ORIGIN: () => 'This call did not come from a page of this server.',
  ROLE_LACKS_ACTION: ({ role, action }) => `The role ${ROLE_NAME[role]} does not include this (${action}).`,
  TARGET_NOT_ALLOWED: (d) => targetSentence(d),
  CANNOT_GRANT: ({ role }) => `You can't give the role ${ROLE_NAME[role]}: it is superior your own.`,
  PASSWORD_CHANGE_REQUIRED: () => 'Choose a new password first.',
  SECOND_FACTOR_REQUIRED: () => 'Set up a second factor first.',
  REAUTHENTICATION_REQUIRED: () => 'Prove first that it is you.',
  NETWORK_NOT_ALLOWED: ({ address }) => `Your role may not come from this network (${address}).`,
  NOT_FOUND: ({ what }) => `There is no such ${what}, or you can't see it.`,
  CONFLICT: (d) => changedSentence(d),
  NAME_TAKEN: ({ name }) => `The name “${name}” is taken.`,
  PREVIEW_OUTDATED: () => 'The selection, or somebody in it, changed since the preview. Look at it again.',
  ALREADY_SET_UP: () => 'This instance is already set up. Sign in.',
  INVALID_SETUP_CODE: () => 'This is not the setup code of the running server. It is on the terminal, and in the file setup-code of the data folder.',
  LAST_ADMINISTRATOR: () => 'This would leave nobody who can administer the instance.',
  LIMIT_NOT_FOR_ADMINISTRATOR: () => 'An administrator has no daily limit.',
  UNKNOWN_IDS: ({ what, ids }) => `${ids.length} ${what}${ids.length === 1 ? '' : 's'} of this selection can't be found any more. Nothing was changed.`,
  FILE_UNREADABLE: ({ why, line }) => UNREADABLE[why](line),
  DUPLICATE_ROW: ({ row }) => `Row ${row} has this username already.`,
  WORKSPACE_UNKNOWN: ({ name }) => `There is no workspace “${name}” here, or you can't see it.`,
  WORKSPACE_ARCHIVED: ({ name }) => `“${name}” is archived. Restore it first.`,
  LAST_MANAGER_OF_WORKSPACE: () => 'You are the last manager of this workspace.',
  NOT_A_MEMBER: () => 'You are not a member of this workspace.',
  OWN_MEMBERSHIP_EXPIRY: () => 'You can’t change the end of your own membership.',
  DATE_IN_PAST: () => 'This day is over. Choose a later one.',
  USER_NOT_ACTIVE: ({ status }) => `This user is ${status}.`,
  LOCKS_OUT_AUTHOR: ({ why, address }) =>
    why === 'network'
      ? `This would lock you out: you are at ${address}, which none of these networks holds.`
      : 'This would lock you out: set up a second factor of your own first.',
  FIRST_CHANGE_REQUIRED: () => 'The security policies want the first sign-in to ask for a new password.',
  PASSWORD_CHOSEN_BY_OTHER: ({ by }) => `${by ?? 'Somebody'} chose their password, and it has not been replaced yet. Set a new one first.`,
  PASSWORD_TOO_SHORT: ({ min }) => `At least ${min} characters.`,
  PASSWORD_COMMON: () => 'This is one of the commonest passwords. Choose another.',
  PASSWORD_IS_USERNAME: () => 'The password must not be the username.',
  PASSWORD_UNCHANGED: () => 'The new password must differ from the old one.',
  INVALID_CURRENT_PASSWORD: () => 'The current password is not right.',
  INVALID_CODE: () => 'This code is not right, or was used already.',
  PASSKEY_REFUSED: () => 'This passkey was not accepted.',
  PASSKEYS_UNAVAILABLE: () => 'Passkeys work only where the server has a name and is reached over https, or as localhost.',
  PASSKEY_EXISTS: () => 'This passkey is set up already.',
  CHALLENGE_EXPIRED: () => 'This took too long, or too many answers were wrong. Begin anew.',
  LAST_FACTOR: () => 'Your role has to have a second factor. Set up another one before you remove this.',
  SECRET_KEY_MISSING: () => 'This server has no key to keep secrets with. Whoever runs it sets SECRET_KEY.',
  CONFIRMATION_MISMATCH: ({ expected }) => `Type “${expected}” to confirm.`,
  INVALID_LINK: () => 'This link is not valid: it was used, has expired, or was replaced. Ask whoever gave it to you for a new one.',
  INVITATION_INACTIVE: ({ state }) => (state === 'used' ? 'This invitation is used up. Make a new one.' : 'This invitation was revoked. Make a new one.'),
  INVITATION_OUT_OF_SCOPE: () => 'This invitation leads into a workspace that you can’t put people into. Make a new one.',
  REQUEST_DECIDED: ({ by, accepted }) => `This request was ${accepted ? 'accepted' : 'declined'} meanwhile, by ${by ?? 'somebody'}.`,
  TOO_MANY_REQUESTS: ({ most }) => `You have ${most} open requests already. Wait expiresAt one is decided, or withdraw one.`,
  TOO_MANY_IMPORTS: ({ most }) => `You have begun ${most} imports and not finished them. Go on with one of them, or throw one away.`,
  IMPORT_FINISHED: () => 'This import is finished: there is nothing left of it to throw away.',
  EXPORT_RUNNING: () => 'You have an export under way already. Wait until it is done.',
  INVALID_CREDENTIALS: () => 'The username or the password is not right.',
  ACCOUNT_SUSPENDED: () => 'Your account is suspended. Ask a manager of your organization.',
  TOO_MANY_ATTEMPTS: ({ retryAt }) => `Too many attempts. Attempt again after ${retryAt}.`,
  BUSY: () => 'The server is busy. Try again in a moment.',
  DATABASE_UNAVAILABLE: () => 'The database can’t be reached. Nothing was changed. Try again in a moment.',
  OUTCOME_UNKNOWN: () => 'The database went away as this was saved, and nobody knows yet whether it was. Look before you try again.',
  TOO_LARGE: ({ limit }) => `This is too large: ${Math.floor(limit / 1024)} KiB at most.`,
  INTERNAL_ERROR: ({ requestId }) => `Something went wrong on the server. Nothing is known to have changed. Request ${requestId}.`,
}

function targetSentence({ relation, targetRole, action }: RefusalDetails['TARGET_NOT_ALLOWED']): string {
  if (relation === 'own') return 'You can’t do this to your own organization.'
  if (relation === 'self') return action === 'user.setRole' ? 'Nobody changes their own role.' : 'You can’t do this to your own account.'
  if (targetRole === 'administrator') return 'Only an administrator can change an administrator.'
  if (targetRole === 'manager') return 'Only an administrator can change a manager.'
  return 'Your role does not cover this.'
}

function changedSentence({ by, version, fields }: RefusalDetails['CONFLICT']): string {
  const [changed] = fields
  if (version !== null || changed === undefined) return `${by?.username ?? 'Someone else'} saved changes while you were editing.`
  const { field, theirs: now } = changed
  if (field === 'archivedAt') return now === null ? 'This workspace was restored meanwhile.' : 'This workspace was archived anew meanwhile.'
  return `The ${field === 'expiresAt' ? 'end of this membership' : field} was changed meanwhile: it is now ${now ?? 'not set'}.`
}

/** The English sentence of a refusal. */
export function sentence<C extends RefusalCode>(refusal: { code: C; details: RefusalDetails[C] }): string {
  return SENTENCES[refusal.code](refusal.details)
}
