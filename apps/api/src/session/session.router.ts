import {
  commit,
  endSession,
  endSessions,
  findPasswordHash,
  listSessions,
  revokeLinks,
  setOwnPassword,
} from '@roster/db'
import {
  changePassword,
  confirmFactor,
  type Paged,
  reauthenticate,
  refuse,
  type SessionRow,
  type SignInRow,
  sessionEnd,
  sessionSignInHistory,
  signIn,
  signInWithPasskey,
} from '@roster/domain'
import * as z from 'zod'
import { change } from '../call/change.ts'
import { auditActor, lockActor, lockSelf } from '../call/lockActor.ts'
import { perform } from '../call/perform.ts'
import { publicProcedure } from '../call/public.ts'
import { read } from '../call/read.ts'
import { hashPassword, verifyPassword } from '../password/hash.ts'
import { validatePassword } from '../password/validate.ts'
import { consumeOwnAttempt, refundAttempts, refundIfBusy } from '../rateLimit/signInAttempts.ts'
import { t } from '../trpc.ts'
import { beginFactorPasskey, confirmSecondFactor } from './confirmFactor.ts'
import { createSession, issueSessionCookie } from './createSession.ts'
import { lucia } from './lucia.ts'
import { presentMe } from './presentMe.ts'
import { beginReauthentication, reauthenticateSession } from './reauthenticate.ts'
import { signInWithPassword } from './signIn.ts'
import { signInHistory } from './signInHistory.ts'
import { beginPasskeySignIn, signInByPasskey } from './signInWithPasskey.ts'

const nothing = z.strictObject({}).optional()

export const sessionRouter = t.router({
  /**
   * Signs in by password: sets the session cookie and returns the session, or returns the second factors to continue
   * with.
   * @throws INVALID_CREDENTIALS, ACCOUNT_SUSPENDED, NETWORK_NOT_ALLOWED, TOO_MANY_ATTEMPTS, BUSY
   */
  signIn: publicProcedure('session.signIn')
    .input(signIn)
    .mutation(({ ctx, input }) => signInWithPassword(ctx, input.username, input.password)),

  /**
   * Returns WebAuthn request options for the second factor of a pending sign-in.
   * @throws CHALLENGE_EXPIRED,
   * PASSKEYS_UNAVAILABLE
   */
  beginFactorPasskey: publicProcedure('session.beginFactorPasskey')
    .input(nothing)
    .mutation(({ ctx }) => beginFactorPasskey(ctx)),

  /**
   * Completes a pending sign-in with a code or a passkey and returns the session.
   * @throws CHALLENGE_EXPIRED, INVALID_CODE, PASSKEY_REFUSED, ACCOUNT_SUSPENDED, NETWORK_NOT_ALLOWED, TOO_MANY_ATTEMPTS
   */
  confirmFactor: publicProcedure('session.confirmFactor')
    .input(confirmFactor)
    .mutation(({ ctx, input }) => confirmSecondFactor(ctx, input)),

  /**
   * Starts a sign-in by passkey alone and returns WebAuthn request options.
   * @throws PASSKEYS_UNAVAILABLE,
   * TOO_MANY_ATTEMPTS
   */
  beginPasskey: publicProcedure('session.beginPasskey')
    .input(nothing)
    .mutation(({ ctx }) => beginPasskeySignIn(ctx)),

  /**
   * Signs in by passkey alone, with user verification, and returns the session.
   * @throws PASSKEY_REFUSED, PASSKEYS_UNAVAILABLE, CHALLENGE_EXPIRED, ACCOUNT_SUSPENDED, NETWORK_NOT_ALLOWED,
   * TOO_MANY_ATTEMPTS
   */
  signInWithPasskey: publicProcedure('session.signInWithPasskey')
    .input(signInWithPasskey)
    .mutation(({ ctx, input }) => signInByPasskey(ctx, input.assertion)),

  /** Starts a reauthentication by passkey and returns WebAuthn request options. @throws PASSKEYS_UNAVAILABLE */
  beginReauthentication: perform('session.beginReauthentication', nothing, (ctx) =>
    beginReauthentication(ctx, ctx.user),
  ),

  /**
   * Reauthenticates the principal by password, code or passkey. Sensitive changes are then allowed for a while.
   * @throws INVALID_CURRENT_PASSWORD, INVALID_CODE, PASSKEY_REFUSED, CHALLENGE_EXPIRED, TOO_MANY_ATTEMPTS, BUSY
   */
  reauthenticate: perform('session.reauthenticate', reauthenticate, async (ctx, input) => {
    await reauthenticateSession(ctx, ctx.user, input)
    return {}
  }),

  /** Returns the session: its user, organization and instance. */
  me: read('session.me', nothing, async ({ user }) => presentMe(user)),

  /** Ends the session and clears its cookie. */
  signOut: perform('session.signOut', nothing, async (ctx) => {
    await commit(ctx.services, { key: ctx.user.userId }, async ({ tx, record }) => {
      // A concurrent change already ended the session, so the sign-out has nothing to record.
      if (!(await endSession(tx, ctx.user, 'signed-out'))) return
      const { sessionId, userId, organizationId } = ctx.user
      const entry = { organizationId, targetKind: 'session', targetId: sessionId, notifies: userId } as const
      record(auditActor(ctx, ctx.user), 'session.signOut', entry)
    })
    ctx.res.header('set-cookie', lucia(ctx.services).createBlankSessionCookie().serialize())
    return {}
  }),

  /**
   * Changes the principal's password, ends all their sessions, and returns a new session for this browser.
   * @throws INVALID_CURRENT_PASSWORD, PASSWORD_UNCHANGED, PASSWORD_TOO_SHORT, PASSWORD_COMMON, PASSWORD_IS_USERNAME,
   * TOO_MANY_ATTEMPTS, BUSY
   */
  changePassword: perform('session.changePassword', changePassword, async (ctx, input) => {
    const { db } = ctx.services
    // Checks that don't involve the current password consume no attempt.
    if (input.password.normalize('NFC') === input.current.normalize('NFC')) throw refuse('PASSWORD_UNCHANGED', {})
    await validatePassword(ctx.user, input.password, ctx.user.username)
    const attempts = await consumeOwnAttempt(ctx.services, ctx.user.userId)
    const current = await findPasswordHash(db.prisma, ctx.user.userId)
    if (!(await refundIfBusy(ctx.services, attempts, () => verifyPassword(input.current, current))))
      throw refuse('INVALID_CURRENT_PASSWORD', {})
    const hash = await refundIfBusy(ctx.services, attempts, () => hashPassword(input.password))
    const session = await commit(ctx.services, { key: ctx.user.userId }, async ({ tx, record }) => {
      await lockSelf(tx, ctx.user)
      const actor = await lockActor(tx, ctx.user, 'session.changePassword')
      if ((await findPasswordHash(tx, actor.id)) !== current) throw refuse('INVALID_CURRENT_PASSWORD', {})
      await setOwnPassword(tx, actor.id, hash)
      await endSessions(tx, [actor.id], 'password-changed', { endedById: actor.id })
      await revokeLinks(tx, [actor.id])
      await refundAttempts(tx, attempts)
      record(auditActor(ctx, ctx.user), 'session.changePassword', {
        organizationId: actor.organizationId,
        targetKind: 'user',
        targetId: actor.id,
        targetName: ctx.user.username,
      })
      return createSession(ctx, tx, actor.id)
    })
    return issueSessionCookie(ctx, session)
  }),

  /** Acknowledges the notices that another user set the principal's password or reset their second factor. */
  acknowledge: change(
    'session.acknowledge',
    { input: nothing, lockFirst: lockSelf },
    async ({ tx, actor, user, record }) => {
      const { count } = await tx.user.updateMany({
        where: { id: actor.id, OR: [{ passwordSetById: { not: null } }, { factorResetById: { not: null } }] },
        data: { passwordSetById: null, factorResetAt: null, factorResetById: null },
      })
      if (count > 0)
        record({
          organizationId: actor.organizationId,
          targetKind: 'user',
          targetId: actor.id,
          targetName: user.username,
        })
      return {}
    },
  ),

  /** Lists the principal's open sessions. */
  list: read('session.list', nothing, async ({ services, user }): Promise<SessionRow[]> => {
    const rows = await listSessions(services.db.prisma, user.userId)
    return rows.map((row) => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
      current: row.id === user.sessionId,
    }))
  }),

  /**
   * Lists the principal's sign-ins and failed attempts at their username, latest first, without revealing who made an
   * attempt.
   */
  signInHistory: read(
    'session.signInHistory',
    sessionSignInHistory,
    ({ services, user, input }): Promise<Paged<SignInRow>> => signInHistory(services.db.pool, user, input.page),
  ),

  /**
   * Ends one of the principal's sessions, or all others, and returns the number of ended sessions.
   * @throws NOT_FOUND
   * (session)
   */
  end: change('session.end', { input: sessionEnd }, async ({ tx, actor, user, input, record }) => {
    const ended = input.sessionId
      ? await endOne(tx, actor.id, input.sessionId)
      : await endSessions(tx, [actor.id], 'ended-by-self', { endedById: actor.id, except: user.sessionId })
    if (ended.length > 0)
      record({
        organizationId: actor.organizationId,
        targetKind: 'user',
        targetId: actor.id,
        targetName: user.username,
        after: { sessions: ended },
      })
    return { ended: ended.length }
  }),
})

async function endOne(tx: Parameters<typeof endSessions>[0], userId: string, sessionId: string): Promise<string[]> {
  const known = await tx.session.findFirst({ where: { id: sessionId, userId }, select: { id: true } })
  if (!known) throw refuse('NOT_FOUND', { what: 'session' })
  return (await endSession(tx, { userId, sessionId }, 'ended-by-self')) ? [sessionId] : []
}
