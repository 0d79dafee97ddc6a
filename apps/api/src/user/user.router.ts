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
import { changeUser } from '../call/changeUser.ts'
import { read, readUser } from '../call/read.ts'
import { createLink } from '../link/createLink.ts'
import { hashPassword } from '../password/hash.ts'
import { validateFirstPassword, validatePassword } from '../password/validate.ts'
import { t } from '../trpc.ts'
import { activity } from './activity.ts'
import { applyBulk } from './applyBulk.ts'
import { createUser, prepareCreate } from './createUser.ts'
import { moveUser } from './moveUser.ts'
import * as operation from './operations.ts'
import { previewBulk } from './previewBulk.ts'
import { resetFactor } from './resetFactor.ts'
import { endUserSession, userSessions } from './sessions.ts'
import { saveUserUpdate } from './updateUser.ts'
import { userDetail } from './userDetail.ts'
import { consumeNameAttempt, refundNameAttempt, withUniqueUsername } from './username.ts'

export const userRouter = t.router({
  /** A page of the users within the caller's scope. */
  list: read('user.list', userList, async ({ services, actor, input }) =>
    listUsers(services.db.pool, visibilityOf(actor), input.filter, input.sort, input.descending, toPageQuery(input.page)),
  ),

  /** How many match a filter: exactly up to 10,000. */
  count: read('user.count', userCount, async ({ services, actor, input }) => countUsers(services.db.pool, visibilityOf(actor), input.filter)),

  /** One user, as their own page shows them. */
  get: readUser('user.get', onUser, async ({ services, actor, target }) => userDetail(services.db.prisma, actor, target.id)),

  /** Create a user, with a password or with a one-time link to set one. @throws NAME_TAKEN, CANNOT_GRANT, PASSWORD_COMMON */
  create: change('user.create', { input: userCreate, prepare: prepareCreate }, createUser),

  /** Username and profile, over the version that was seen. @throws CONFLICT, NAME_TAKEN */
  update: changeUser(
    'user.update',
    {
      input: userUpdate,
      prepare: async (input, ctx, user) => {
        if (input.username !== undefined) await consumeNameAttempt(ctx.services, user.userId)
      },
    },
    async ({ tx, ctx, actor, target, input, done }) => {
      const { userId: _, expectedVersion: version, ...edit } = input
      const saved = await withUniqueUsername(input.username ?? '', () => saveUserUpdate(tx, target, actor, version, edit))
      if (input.username !== undefined) await refundNameAttempt(ctx.services, tx, actor.id)
      if (saved.entry) done(saved.entry)
      return { version: saved.version }
    },
  ),

  /** Give another role, over the one that was seen. @throws CONFLICT, CANNOT_GRANT, LAST_ADMINISTRATOR */
  setRole: changeUser('user.setRole', { input: userSetRole, lowersAdministrators: true }, async ({ input, done, ...acting }) => {
    const entry = await operation.setRole(acting, input.role, input.expected)
    if (entry) done(entry)
    return { changed: entry !== null }
  }),

  /** The daily message limit, over the one that was seen; null is none. @throws CONFLICT, LIMIT_NOT_FOR_ADMINISTRATOR */
  setLimit: changeUser('user.setLimit', { input: userSetLimit }, async ({ input, done, ...acting }) => {
    const entry = await operation.setLimit(acting, input.dailyLimit, input.expected)
    if (entry) done(entry)
    return { changed: entry !== null }
  }),

  /** Set somebody's password: all their sessions end, and they are told who did it. */
  setPassword: changeUser(
    'user.setPassword',
    {
      input: userSetPassword,
      prepare: async (input, ctx, _user, expected) => {
        const rules = await passwordRules(ctx.services.db.prisma)
        validateFirstPassword(rules, input.changeRequired)
        validatePassword(rules, input.password, expected.username)
        return hashPassword(input.password)
      },
    },
    async ({ tx, actor, target, input, prepared, done }) => {
      const rules = await passwordRules(tx)
      validateFirstPassword(rules, input.changeRequired)
      validatePassword(rules, input.password, target.username)
      await setPassword(tx, target.id, prepared, { changeRequired: input.changeRequired, setById: actor.id })
      await endSessions(tx, [target.id], 'password-set-by-other', { endedById: actor.id })
      await revokeLinks(tx, [target.id])
      done({
        organizationId: target.organizationId,
        targetKind: 'user',
        targetId: target.id,
        targetName: target.username,
        after: { passwordChangeRequired: input.changeRequired },
      })
      return { changed: true }
    },
  ),

  /** Take somebody's second factor away, for whoever lost theirs: all their sessions end, and they are told who did it. */
  resetFactor: changeUser('user.resetFactor', { input: onUser, stepUp: true }, async ({ done, ...acting }) => {
    const entry = await resetFactor(acting)
    if (entry) done(entry)
    return { changed: entry !== null }
  }),

  /** A one-time link by which somebody sets their own password; their earlier ones die. */
  createLink: changeUser('user.createLink', { input: onUser }, async ({ tx, actor, target, done }): Promise<CreatedLink> => {
    if (target.status !== 'active') throw refuse('USER_NOT_ACTIVE', { status: target.status })
    const { id: _, ...link } = await createLink(tx, target.id, target.organizationId, actor.id)
    done({ organizationId: target.organizationId, targetKind: 'user', targetId: target.id, targetName: target.username, after: { expiresAt: link.expiresAt } })
    return link
  }),

  /** Cut somebody off at once: sessions and links are dead, on every node. @throws CONFLICT, LAST_ADMINISTRATOR */
  suspend: changeUser('user.suspend', { input: userSetStatus, lowersAdministrators: true }, async ({ input, done, ...acting }) => {
    const { entry, statusVersion } = await operation.suspend(acting, input.expectedVersion)
    if (entry) done(entry)
    return { changed: entry !== null, statusVersion }
  }),

  /** Let somebody sign in again; their old sessions stay over. @throws CONFLICT */
  reactivate: changeUser('user.reactivate', { input: userSetStatus }, async ({ input, done, ...acting }) => {
    const { entry, statusVersion } = await operation.reactivate(acting, input.expectedVersion)
    if (entry) done(entry)
    return { changed: entry !== null, statusVersion }
  }),

  /** Delete somebody, whose username is typed to confirm. @throws CONFIRMATION_MISMATCH, LAST_ADMINISTRATOR */
  delete: changeUser('user.delete', { input: userDelete, lowersAdministrators: true, stepUp: true }, async ({ input, done, ...acting }) => {
    if (input.confirmation !== acting.target.username) throw refuse('CONFIRMATION_MISMATCH', { expected: acting.target.username })
    const entry = await operation.remove(acting)
    if (entry) done(entry)
    return { changed: entry !== null }
  }),

  /** To another organization, out of every workspace of the old one. @throws CONFLICT, NOT_FOUND (organization), LAST_ADMINISTRATOR */
  move: changeUser('user.move', { input: userMove, lowersAdministrators: true }, moveUser),

  /** End all sessions of somebody else. */
  signOut: changeUser('user.signOut', { input: onUser }, async ({ done, ...acting }) => {
    const { ended, entry } = await operation.signOut(acting)
    if (entry) done(entry)
    return { ended }
  }),

  /** What somebody did, or what was done to them, as far as the caller sees the audit log. */
  activity: readUser('user.activity', userActivity, activity),

  /** Somebody's sessions, open and lately over. */
  sessions: readUser('user.sessions', onUser, ({ services, actor, user, target }) => userSessions(services, actor, target.id, user.sessionId)),

  /** End one session of somebody else. @throws NOT_FOUND (session) */
  endSession: changeUser('user.endSession', { input: onSession }, endUserSession),

  /** What a bulk change would do, to whom, and to whom not and why; its token binds `bulk` to exactly that. */
  previewBulk,
  /** Do it: a decision and a transaction for each row. @throws PREVIEW_OUTDATED */
  applyBulk,
})
