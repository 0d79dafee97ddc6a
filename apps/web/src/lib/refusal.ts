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
  TARGET_NOT_ALLOWED: (details) => targetNotAllowed(details),
  CANNOT_GRANT: ({ role }) => t('refusal.cannotGrant', { role: t(`common.roles.${role}`) }),
  PASSWORD_CHANGE_REQUIRED: () => t('refusal.passwordChangeRequired'),
  SECOND_FACTOR_REQUIRED: () => t('refusal.secondFactorRequired'),
  REAUTHENTICATION_REQUIRED: () => t('refusal.reauthenticationRequired'),
  NOT_FOUND: ({ what }) => t(`refusal.notFound.${what}`),
  CONFLICT: (details) => changedSince(details),
  NAME_TAKEN: ({ name }) => t('refusal.nameTaken', { name }),
  PREVIEW_OUTDATED: () => t('refusal.previewOutdated'),
  ALREADY_SET_UP: () => t('refusal.alreadySetUp'),
  INVALID_SETUP_CODE: () => t('refusal.invalidSetupCode'),
  LAST_ADMINISTRATOR: () => t('refusal.lastAdministrator'),
  LIMIT_NOT_FOR_ADMINISTRATOR: () => t('refusal.limitNotForAdministrator'),
  UNKNOWN_IDS: ({ what, ids }) => t(what === 'user' ? 'refusal.unknownUsers' : 'refusal.unknownWorkspaces', { n: ids.length }),
  FILE_UNREADABLE: ({ why, line }) => t(`refusal.fileUnreadable.${why}`, { n: line }),
  DUPLICATE_ROW: ({ row }) => t('refusal.duplicateRow', { n: row }),
  WORKSPACE_UNKNOWN: ({ name }) => t('refusal.workspaceUnknown', { name }),
  WORKSPACE_ARCHIVED: ({ name }) => t('refusal.workspaceArchived', { name }),
  LAST_MANAGER_OF_WORKSPACE: () => t('refusal.lastManagerOfWorkspace'),
  NOT_A_MEMBER: () => t('refusal.notAMember'),
  OWN_MEMBERSHIP_EXPIRY: () => t('refusal.ownMembershipExpiry'),
  DATE_IN_PAST: () => t('refusal.dateInPast'),
  USER_NOT_ACTIVE: ({ status }) => t(status === 'suspended' ? 'refusal.userSuspended' : 'refusal.userDeleted'),
  LOCKS_OUT_AUTHOR: ({ why, address }) => t(why === 'network' ? 'refusal.locksOutByNetwork' : 'refusal.locksOutByFactor', { address }),
  FIRST_CHANGE_REQUIRED: () => t('refusal.firstChangeRequired'),
  PASSWORD_CHOSEN_BY_OTHER: ({ by }) => (by ? t('refusal.passwordChosenByOther', { by }) : t('refusal.passwordChosenBySomeone')),
  PASSWORD_TOO_SHORT: ({ min }) => t('refusal.passwordTooShort', { n: min }),
  NETWORK_NOT_ALLOWED: ({ address }) => t('refusal.networkNotAllowed', { address }),
  PASSWORD_COMMON: () => t('refusal.passwordCommon'),
  PASSWORD_IS_USERNAME: () => t('refusal.passwordIsUsername'),
  PASSWORD_UNCHANGED: () => t('refusal.passwordUnchanged'),
  INVALID_CURRENT_PASSWORD: () => t('refusal.invalidCurrentPassword'),
  INVALID_CODE: () => t('refusal.invalidCode'),
  PASSKEY_REFUSED: () => t('refusal.passkeyRefused'),
  PASSKEYS_UNAVAILABLE: () => t('refusal.passkeysUnavailable'),
  PASSKEY_EXISTS: () => t('refusal.passkeyExists'),
  CHALLENGE_EXPIRED: () => t('refusal.challengeExpired'),
  LAST_FACTOR: () => t('refusal.lastFactor'),
  SECRET_KEY_MISSING: () => t('refusal.secretKeyMissing'),
  CONFIRMATION_MISMATCH: ({ expected }) => t('refusal.confirmationMismatch', { expected }),
  INVALID_LINK: () => t('refusal.invalidLink'),
  INVITATION_INACTIVE: ({ state }) => t(`refusal.invitationInactive.${state}`),
  INVITATION_OUT_OF_SCOPE: () => t('refusal.invitationOutOfScope'),
  REQUEST_DECIDED: ({ by, accepted }) => t(accepted ? 'refusal.requestAccepted' : 'refusal.requestDeclined', { by: by ?? t('common.somebody') }),
  TOO_MANY_REQUESTS: ({ most }) => t('refusal.tooManyRequests', { n: most }),
  TOO_MANY_IMPORTS: ({ most }) => t('refusal.tooManyImports', { n: most }),
  IMPORT_FINISHED: () => t('refusal.importFinished'),
  EXPORT_RUNNING: () => t('refusal.exportRunning'),
  INVALID_CREDENTIALS: () => t('refusal.invalidCredentials'),
  ACCOUNT_SUSPENDED: () => t('refusal.accountSuspended'),
  TOO_MANY_ATTEMPTS: ({ retryAt }) => t('refusal.tooManyAttempts', { at: momentOf(retryAt) }),
  BUSY: () => t('refusal.busy'),
  DATABASE_UNAVAILABLE: () => t('refusal.databaseUnavailable'),
  OUTCOME_UNKNOWN: () => t('refusal.outcomeUnknown'),
  TOO_LARGE: ({ limit }) => t('refusal.tooLarge', { n: Math.floor(limit / 1024) }),
  INTERNAL_ERROR: () => t('refusal.unexpected'),
}

function targetNotAllowed({ relation, targetRole, action }: RefusalDetails['TARGET_NOT_ALLOWED']): string {
  if (relation === 'own') return t('refusal.ownOrganization')
  if (relation === 'self') return action === 'user.setRole' ? t('refusal.ownRole') : t('refusal.ownAccount')
  if (action === 'member.leave') return t('refusal.notMemberHere')
  if (targetRole === 'administrator') return t('refusal.onlyAdministratorOnAdministrator')
  if (targetRole === 'manager') return t('refusal.onlyAdministratorOnManager')
  return t('refusal.notCovered')
}

function changedSince({ by, version, fields }: RefusalDetails['CONFLICT']): string {
  const [changed] = fields
  if (version !== null || changed === undefined) return by?.username ? t('refusal.stale', { by: by.username }) : t('refusal.staleBySomeone')
  const { field, theirs: now } = changed
  if (field === 'archivedAt') return t(now === null ? 'refusal.changedSince.restored' : 'refusal.changedSince.archived')
  return isChangedField(field) ? t(`refusal.changedSince.${field}`, { now: valueNow(field, now) }) : t('refusal.staleBySomeone')
}

const CHANGED_FIELDS = ['role', 'dailyLimit', 'status', 'organizationId', 'expiresAt'] as const
type ChangedField = (typeof CHANGED_FIELDS)[number]

function isChangedField(field: string): field is ChangedField {
  return (CHANGED_FIELDS as readonly string[]).includes(field)
}

function valueNow(field: ChangedField, now: string | number | null): string {
  if (field === 'expiresAt') return typeof now === 'string' ? formatDateTime(now) : t('refusal.changedSince.noEnd')
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
