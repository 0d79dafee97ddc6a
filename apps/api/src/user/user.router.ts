import { countUsers, endSessions, listUsers, passwordRules, revokeLinks, setPassword, toPageQuery } from '@roster/db'
import {
  type CreatedLink,
  onSession,
  onUser,
  refuse,
  userActivity,
  userCount,
  userCreate,
  userDelete,
  userList,
  userMove,
  userSetLimit,
  userSetPassword,
  userSetRole,
  userSetStatus,
  userUpdate,
  visibilityOf,
} from '@roster/domain'
import { change } from '../call/change.ts'
import { read } from '../call/read.ts'
import { createLink } from '../link/createLink.ts'
import { hashPassword } from '../password/hash.ts'
import { validateFirstPassword, validatePassword } from '../password/validate.ts'
import { t } from '../trpc.ts'
import { moveUser } from './actions/moveUser.ts'
import { resetFactor } from './actions/resetFactor.ts'
import { saveUserUpdate } from './actions/updateUser.ts'
import { applyBulk } from './bulk/applyBulk.ts'
import * as operations from './bulk/operations.ts'
import { previewBulk } from './bulk/previewBulk.ts'
import { createUser, prepareCreate } from './create/createUser.ts'
import { consumeNameAttempt, refundNameAttempt, withUniqueUsername } from './create/username.ts'
import { activity } from './detail/activity.ts'
import { endUserSession, userSessions } from './detail/sessions.ts'
import { userDetail } from './detail/userDetail.ts'

export const userRouter = t.router({
  /** Lists the users within the principal's visibility, filtered, sorted and by page. */
  list: read('user.list', userList, async ({ services, actor, input }) =>
    listUsers(
      services.db.pool,
      visibilityOf(actor),
      input.filter,
      input.sort,
      input.descending,
      toPageQuery(input.page),
    ),
  ),

  /** Counts the users that match a filter, exactly up to 10,000. */
  count: read('user.count', userCount, async ({ services, actor, input }) =>
    countUsers(services.db.pool, visibilityOf(actor), input.filter),
  ),

  /** Returns one user with all details of their page. @throws NOT_FOUND */
  get: read('user.get', onUser, async ({ services, actor, target }) =>
    userDetail(services.db.prisma, actor, target.id),
  ),

  /**
   * Creates a user with a password or with a one-time link to set one. Returns the user and the link.
   * @throws NOT_FOUND (organization), CANNOT_GRANT, NAME_TAKEN, UNKNOWN_IDS, WORKSPACE_ARCHIVED, FIRST_CHANGE_REQUIRED,
   * PASSWORD_TOO_SHORT, PASSWORD_COMMON, PASSWORD_IS_USERNAME, TOO_MANY_ATTEMPTS, BUSY
   */
  create: change('user.create', { input: userCreate, prepare: prepareCreate }, createUser),

  /**
   * Updates a user's username and profile, if the version is the expected one, and returns the new version.
   * @throws
   * NOT_FOUND, CONFLICT, NAME_TAKEN, TOO_MANY_ATTEMPTS
   */
  update: change(
    'user.update',
    {
      input: userUpdate,
      prepare: async (input, ctx, user) => {
        if (input.username !== undefined) await consumeNameAttempt(ctx.services, user.userId)
      },
    },
    async ({ tx, ctx, actor, target, input, record }) => {
      const { userId: _, expectedVersion: version, ...edit } = input
      const saved = await withUniqueUsername(input.username ?? '', () =>
        saveUserUpdate(tx, target, actor, version, edit),
      )
      if (input.username !== undefined) await refundNameAttempt(ctx.services, tx, actor.id)
      if (saved.entry) record(saved.entry)
      return { version: saved.version }
    },
  ),

  /**
   * Sets a user's role, if the current one is expected.
   * @throws NOT_FOUND, CONFLICT, CANNOT_GRANT,
   * PASSWORD_CHOSEN_BY_OTHER, LAST_ADMINISTRATOR
   */
  setRole: change(
    'user.setRole',
    { input: userSetRole, lowersAdministrators: true },
    async ({ input, record, ...locked }) => {
      const entry = await operations.setRole(locked, input.role, input.expected)
      if (entry) record(entry)
      return { changed: entry !== null }
    },
  ),

  /**
   * Sets a user's daily message limit, if the current one is expected; null means unlimited.
   * @throws NOT_FOUND,
   * CONFLICT, LIMIT_NOT_FOR_ADMINISTRATOR
   */
  setLimit: change('user.setLimit', { input: userSetLimit }, async ({ input, record, ...locked }) => {
    const entry = await operations.setLimit(locked, input.dailyLimit, input.expected)
    if (entry) record(entry)
    return { changed: entry !== null }
  }),

  /**
   * Sets another user's password, ends their sessions, and shows the user who did it.
   * @throws NOT_FOUND, FIRST_CHANGE_REQUIRED, PASSWORD_TOO_SHORT, PASSWORD_COMMON, PASSWORD_IS_USERNAME, BUSY
   */
  setPassword: change(
    'user.setPassword',
    {
      input: userSetPassword,
      prepare: async (input, ctx, _user, expected) => {
        const rules = await passwordRules(ctx.services.db.prisma)
        validateFirstPassword(rules, input.changeRequired)
        await validatePassword(rules, input.password, expected.target.username)
        return hashPassword(input.password)
      },
    },
    async ({ tx, actor, target, input, prepared, record }) => {
      const rules = await passwordRules(tx)
      validateFirstPassword(rules, input.changeRequired)
      await validatePassword(rules, input.password, target.username)
      await setPassword(tx, target.id, prepared, { changeRequired: input.changeRequired, setById: actor.id })
      await endSessions(tx, [target.id], 'password-set-by-other', { endedById: actor.id })
      await revokeLinks(tx, [target.id])
      record({
        organizationId: target.organizationId,
        targetKind: 'user',
        targetId: target.id,
        targetName: target.username,
        after: { passwordChangeRequired: input.changeRequired },
      })
      return { changed: true }
    },
  ),

  /**
   * Removes the second factors of a user who lost them, ends their sessions, and shows the user who did it.
   * @throws
   * NOT_FOUND, REAUTHENTICATION_REQUIRED
   */
  resetFactor: change('user.resetFactor', { input: onUser, stepUp: true }, async ({ record, ...locked }) => {
    const entry = await resetFactor(locked)
    if (entry) record(entry)
    return { changed: entry !== null }
  }),

  /**
   * Creates a one-time link by which a user sets their own password, and returns it. Earlier links stop working.
   * @throws NOT_FOUND, USER_NOT_ACTIVE
   */
  createLink: change(
    'user.createLink',
    { input: onUser },
    async ({ tx, actor, target, record }): Promise<CreatedLink> => {
      if (target.status !== 'active') throw refuse('USER_NOT_ACTIVE', { status: target.status })
      const { id: _, ...link } = await createLink(tx, target.id, target.organizationId, actor.id)
      record({
        organizationId: target.organizationId,
        targetKind: 'user',
        targetId: target.id,
        targetName: target.username,
        after: { expiresAt: link.expiresAt },
      })
      return link
    },
  ),

  /**
   * Suspends a user and ends their sessions and links on every node. Returns the status version, for an undo.
   * @throws
   * NOT_FOUND, CONFLICT, LAST_ADMINISTRATOR
   */
  suspend: change(
    'user.suspend',
    { input: userSetStatus, lowersAdministrators: true },
    async ({ input, record, ...locked }) => {
      const { entry, statusVersion } = await operations.suspend(locked, input.expectedVersion)
      if (entry) record(entry)
      return { changed: entry !== null, statusVersion }
    },
  ),

  /**
   * Reactivates a user, who may sign in again; ended sessions stay ended. Returns the status version, for an undo.
   * @throws NOT_FOUND, CONFLICT
   */
  reactivate: change('user.reactivate', { input: userSetStatus }, async ({ input, record, ...locked }) => {
    const { entry, statusVersion } = await operations.reactivate(locked, input.expectedVersion)
    if (entry) record(entry)
    return { changed: entry !== null, statusVersion }
  }),

  /**
   * Deletes a user. The confirmation is the username.
   * @throws NOT_FOUND, REAUTHENTICATION_REQUIRED,
   * CONFIRMATION_MISMATCH, LAST_ADMINISTRATOR
   */
  delete: change(
    'user.delete',
    { input: userDelete, lowersAdministrators: true, stepUp: true },
    async ({ input, record, ...locked }) => {
      if (input.confirmation !== locked.target.username)
        throw refuse('CONFIRMATION_MISMATCH', { expected: locked.target.username })
      const entry = await operations.deleteUser(locked)
      if (entry) record(entry)
      return { changed: entry !== null }
    },
  ),

  /**
   * Moves a user to another organization, if the current one is expected. Ends all memberships and returns their
   * number.
   * @throws NOT_FOUND (user, organization), CONFLICT, CANNOT_GRANT, PASSWORD_CHOSEN_BY_OTHER, LAST_ADMINISTRATOR
   */
  move: change('user.move', { input: userMove, lowersAdministrators: true }, moveUser),

  /** Ends all sessions of another user and returns their number. @throws NOT_FOUND */
  signOut: change('user.signOut', { input: onUser }, async ({ record, ...locked }) => {
    const { ended, entry } = await operations.signOut(locked)
    if (entry) record(entry)
    return { ended }
  }),

  /** Lists events by a user, or events with the user as target, within the principal's visibility. @throws NOT_FOUND */
  activity: read('user.activity', userActivity, activity),

  /** Lists another user's open and recently ended sessions. @throws NOT_FOUND */
  sessions: read('user.sessions', onUser, ({ services, actor, user, target }) =>
    userSessions(services, actor, target.id, user.sessionId),
  ),

  /** Ends one session of another user. @throws NOT_FOUND (user, session) */
  endSession: change('user.endSession', { input: onSession }, endUserSession),

  /**
   * Previews a bulk change: outcomes, counts, reasons, and the token for `applyBulk`.
   * @throws UNKNOWN_IDS,
   * WORKSPACE_ARCHIVED, BAD_INPUT
   */
  previewBulk,
  /**
   * Applies a previewed bulk change and returns each row's outcome.
   * @throws PREVIEW_OUTDATED, UNKNOWN_IDS,
   * WORKSPACE_ARCHIVED, REAUTHENTICATION_REQUIRED
   */
  applyBulk,
})
