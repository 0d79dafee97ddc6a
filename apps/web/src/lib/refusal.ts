import type { Refusal, RefusalCode, RefusalDetails } from '@roster/domain'
import { fieldMessage } from '../i18n/fieldMessage.ts'
import { formatDateTime, formatTime } from '../i18n/format.ts'
import { t } from '../i18n/text.ts'
import { type Failure, failureOf } from './failure.ts'

/** The sentence of each refusal in the reader's language: a code without one does not compile. */
const SENTENCES: { [C in RefusalCode]: (details: RefusalDetails[C]) => string } = {
  NOT_SIGNED_IN: () => t('refusal.notSignedIn'),
  SESSION_ENDED: ({ reason }) => t(`refusal.ended.${reason}`),
  BAD_INPUT: ({ issues }) => (issues.length === 1 && issues[0] ? fieldMessage(issues[0].message) : t('refusal.badInput')),
  NOT_BATCHABLE: () => t('refusal.notBatchable'),
  BAD_ORIGIN: () => t('refusal.badOrigin'),
  ROLE_LACKS_ACTION: ({ role }) => t('refusal.roleLacksAction', { role: t(`common.roles.${role}`) }),
  NOT_IN_CELL: (details) => notInCell(details),
  CANNOT_GRANT: ({ role }) => t('refusal.cannotGrant', { role: t(`common.roles.${role}`) }),
  PASSWORD_CHANGE_REQUIRED: () => t('refusal.passwordChangeRequired'),
  SECOND_FACTOR_REQUIRED: () => t('refusal.secondFactorRequired'),
  PROOF_REQUIRED: () => t('refusal.proofRequired'),
  NOT_FOUND: ({ what }) => t(`refusal.notFound.${what}`),
  STALE: ({ by }) => (by?.username ? t('refusal.stale', { by: by.username }) : t('refusal.staleBySomebody')),
  CHANGED_SINCE: (details) => changedSince(details),
  NAME_TAKEN: ({ name }) => t('refusal.nameTaken', { name }),
  SELECTION_CHANGED: () => t('refusal.selectionChanged'),
  ALREADY_SET_UP: () => t('refusal.alreadySetUp'),
  SETUP_CODE_WRONG: () => t('refusal.setupCodeWrong'),
  LAST_ADMINISTRATOR: () => t('refusal.lastAdministrator'),
  LIMIT_NOT_FOR_ADMINISTRATOR: () => t('refusal.limitNotForAdministrator'),
  UNKNOWN_IDS: ({ what, ids }) => t(what === 'user' ? 'refusal.unknownUsers' : 'refusal.unknownWorkspaces', { n: ids.length }),
  CSV_UNREADABLE: ({ why, line }) => t(`refusal.csvUnreadable.${why}`, { n: line }),
  ROW_REPEATS: ({ row }) => t('refusal.rowRepeats', { n: row }),
  WORKSPACE_UNKNOWN: ({ name }) => t('refusal.workspaceUnknown', { name }),
  WORKSPACE_ARCHIVED: ({ name }) => t('refusal.workspaceArchived', { name }),
  LAST_MANAGER_OF_WORKSPACE: () => t('refusal.lastManagerOfWorkspace'),
  NOT_A_MEMBER: () => t('refusal.notAMember'),
  OWN_MEMBERSHIP_END: () => t('refusal.ownMembershipEnd'),
  DAY_OVER: () => t('refusal.dayOver'),
  USER_NOT_ACTIVE: ({ status }) => t(status === 'suspended' ? 'refusal.userSuspended' : 'refusal.userDeleted'),
  LOCKS_OUT_AUTHOR: ({ why, address }) => t(why === 'network' ? 'refusal.locksOutByNetwork' : 'refusal.locksOutByFactor', { address }),
  FIRST_CHANGE_REQUIRED: () => t('refusal.firstChangeRequired'),
  PASSWORD_CHOSEN_BY_OTHER: ({ by }) => (by ? t('refusal.passwordChosenByOther', { by }) : t('refusal.passwordChosenBySomebody')),
  PASSWORD_TOO_SHORT: ({ min }) => t('refusal.passwordTooShort', { n: min }),
  NETWORK_NOT_ALLOWED: ({ address }) => t('refusal.networkNotAllowed', { address }),
  PASSWORD_COMMON: () => t('refusal.passwordCommon'),
  PASSWORD_IS_USERNAME: () => t('refusal.passwordIsUsername'),
  PASSWORD_UNCHANGED: () => t('refusal.passwordUnchanged'),
  CURRENT_PASSWORD_WRONG: () => t('refusal.currentPasswordWrong'),
  FACTOR_WRONG: () => t('refusal.factorWrong'),
  PASSKEY_REFUSED: () => t('refusal.passkeyRefused'),
  PASSKEYS_UNAVAILABLE: () => t('refusal.passkeysUnavailable'),
  PASSKEY_KNOWN: () => t('refusal.passkeyKnown'),
  CHALLENGE_OVER: () => t('refusal.challengeOver'),
  LAST_FACTOR: () => t('refusal.lastFactor'),
  SECRET_KEY_MISSING: () => t('refusal.secretKeyMissing'),
  CONFIRMATION_MISMATCH: ({ expected }) => t('refusal.confirmationMismatch', { expected }),
  LINK_INVALID: () => t('refusal.linkInvalid'),
  INVITATION_OVER: ({ state }) => t(`refusal.invitationOver.${state}`),
  INVITATION_BEYOND_REACH: () => t('refusal.invitationBeyondReach'),
  REQUEST_DECIDED: ({ by, accepted }) => t(accepted ? 'refusal.requestAccepted' : 'refusal.requestDeclined', { by: by ?? t('common.somebody') }),
  TOO_MANY_REQUESTS: ({ most }) => t('refusal.tooManyRequests', { n: most }),
  TOO_MANY_IMPORTS: ({ most }) => t('refusal.tooManyImports', { n: most }),
  IMPORT_FINISHED: () => t('refusal.importFinished'),
  EXPORT_RUNNING: () => t('refusal.exportRunning'),
  CREDENTIALS_WRONG: () => t('refusal.credentialsWrong'),
  ACCOUNT_SUSPENDED: () => t('refusal.accountSuspended'),
  TOO_MANY_TRIES: ({ retryAt }) => t('refusal.tooManyTries', { at: momentOf(retryAt) }),
  BUSY: () => t('refusal.busy'),
  DATABASE_UNAVAILABLE: () => t('refusal.databaseUnavailable'),
  OUTCOME_UNKNOWN: () => t('refusal.outcomeUnknown'),
  TOO_LARGE: ({ limit }) => t('refusal.tooLarge', { n: Math.floor(limit / 1024) }),
  UNEXPECTED: () => t('refusal.unexpected'),
}

function notInCell({ relation, targetRole, action }: RefusalDetails['NOT_IN_CELL']): string {
  if (relation === 'own') return t('refusal.ownOrganization')
  if (relation === 'self') return action === 'user.setRole' ? t('refusal.ownRole') : t('refusal.ownAccount')
  if (action === 'member.leave') return t('refusal.notMemberHere')
  if (targetRole === 'administrator') return t('refusal.onlyAdministratorOnAdministrator')
  if (targetRole === 'manager') return t('refusal.onlyAdministratorOnManager')
  return t('refusal.notCovered')
}

function changedSince({ field, now }: RefusalDetails['CHANGED_SINCE']): string {
  if (field === 'archivedAt') return t(now === null ? 'refusal.changedSince.restored' : 'refusal.changedSince.archived')
  return t(`refusal.changedSince.${field}`, { now: valueNow({ field, now }) })
}

function valueNow({ field, now }: RefusalDetails['CHANGED_SINCE']): string {
  if (field === 'until') return typeof now === 'string' ? formatDateTime(now) : t('refusal.changedSince.noEnd')
  if (now === null) return field === 'dailyLimit' ? t('refusal.changedSince.noLimit') : t('common.none')
  if (field === 'role' && (now === 'administrator' || now === 'manager' || now === 'default')) return t(`common.roles.${now}`)
  if (field === 'status' && (now === 'active' || now === 'suspended' || now === 'deleted')) return t(`common.statuses.${now}`)
  return String(now)
}

/** Within a day the time is enough; with seconds left to wait it has to be exact. */
function momentOf(iso: string): string {
  const wait = new Date(iso).getTime() - Date.now()
  return wait < 12 * 3600 * 1000 ? formatTime(iso, wait < 120_000) : formatDateTime(iso)
}

/** A refusal in words, in the reader's language. */
export function refusalSentence<C extends RefusalCode>(refusal: { code: C; details: RefusalDetails[C] }): string {
  return SENTENCES[refusal.code](refusal.details)
}

/** A failed call in words. */
export function failureSentence(failure: Failure): string {
  return failure.kind === 'unreachable' ? t('common.unreachable') : refusalSentence(failure.refusal satisfies Refusal)
}

/** Whatever a call threw, in words. */
export function errorSentence(error: unknown): string {
  return failureSentence(failureOf(error))
}
