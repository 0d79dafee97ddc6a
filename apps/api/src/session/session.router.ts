import { endSession, endSessions, findPasswordHash, inTransaction, listSessions, recordChange, revokeLinks, setOwnPassword } from '@roster/db'
import {
  changePassword,
  confirmFactor,
  INVALIDATES,
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
import { authenticated, requireRole } from '../call/authenticated.ts'
import { change } from '../call/change.ts'
import { auditActor, lockActor, lockSelf } from '../call/lockActor.ts'
import { open } from '../call/public.ts'
import { read } from '../call/read.ts'
import { hashPassword, verifyPassword } from '../password/hash.ts'
import { validatePassword } from '../password/validate.ts'
import { consumeOwnAttempt, refundAttempts, refundIfBusy } from '../rateLimit/signInAttempts.ts'
import { t } from '../trpc.ts'
import { beginFactorPasskey, confirmSecondFactor } from './confirmFactor.ts'
import { createSession, issueSessionCookie } from './createSession.ts'
import { lucia } from './lucia.ts'
import { me } from './presentMe.ts'
import { beginReauthentication, reauthenticateSession } from './reauthenticate.ts'
import { signInWithPassword } from './signIn.ts'
import { signInHistory } from './signInHistory.ts'
import { beginPasskeySignIn, signInByPasskey } from './signInWithPasskey.ts'

const nothing = z.strictObject({}).optional()

export const sessionRouter = t.router({
  /** Sign in; the answer sets the session's cookie, or says that a second factor is asked for. @throws INVALID_CREDENTIALS, ACCOUNT_SUSPENDED, TOO_MANY_ATTEMPTS, BUSY */
  signIn: open('session.signIn')
    .input(signIn)
    .mutation(({ ctx, input }) => signInWithPassword(ctx, input.username, input.password)),

  /** A sign-in that waits for its second factor: what to ask a passkey by. */
  beginFactorPasskey: open('session.beginFactorPasskey')
    .input(nothing)
    .mutation(({ ctx }) => beginFactorPasskey(ctx)),

  /** Finish it, with a code or a passkey. @throws CHALLENGE_EXPIRED, INVALID_CODE, PASSKEY_REFUSED, TOO_MANY_ATTEMPTS */
  confirmFactor: open('session.confirmFactor')
    .input(confirmFactor)
    .mutation(({ ctx, input }) => confirmSecondFactor(ctx, input)),

  /** Begin to sign in by passkey alone. */
  beginPasskey: open('session.beginPasskey')
    .input(nothing)
    .mutation(({ ctx }) => beginPasskeySignIn(ctx)),

  /** Sign in by passkey alone. @throws PASSKEY_REFUSED, CHALLENGE_EXPIRED, ACCOUNT_SUSPENDED, TOO_MANY_ATTEMPTS */
  signInWithPasskey: open('session.signInWithPasskey')
    .input(signInWithPasskey)
    .mutation(({ ctx, input }) => signInByPasskey(ctx, input.assertion)),

  /** What to ask one of one's passkeys by, to prove oneself. */
  beginReauthentication: authenticated('session.beginReauthentication')
    .input(nothing)
    .mutation(({ ctx }) => {
      requireRole(ctx.actor, 'session.beginReauthentication')
      return beginReauthentication(ctx, ctx.user)
    }),

  /** Prove anew who one is. @throws INVALID_CURRENT_PASSWORD, INVALID_CODE, PASSKEY_REFUSED, TOO_MANY_ATTEMPTS */
  reauthenticate: authenticated('session.reauthenticate')
    .input(reauthenticate)
    .mutation(async ({ ctx, input }) => {
      requireRole(ctx.actor, 'session.reauthenticate')
      await reauthenticateSession(ctx, ctx.user, input)
      return {}
    }),

  /** Who is signed in, and where. */
  me: read('session.me', nothing, async ({ user }) => me(user)),

  /** End this session. */
  signOut: authenticated('session.signOut')
    .input(nothing)
    .mutation(async ({ ctx }) => {
      const { db, hub } = ctx.services
      await inTransaction(
        db.prisma,
        async (tx) => {
          // Ended meanwhile, by whomever: signed out is what was asked for.
          if (!(await endSession(tx, ctx.user, 'signed-out'))) return
          const { sessionId, userId, organizationId } = ctx.user
          const entry = { organizationId, targetKind: 'session', targetId: sessionId, notifies: userId } as const
          await recordChange(tx, auditActor(ctx, ctx.user), 'session.signOut', [entry], INVALIDATES['session.signOut'])
        },
        ctx.user.userId,
      )
      hub.wake()
      ctx.res.header('set-cookie', lucia(ctx.services).createBlankSessionCookie().serialize())
      return {}
    }),

  /** One's own password: the current one is asked for, all other sessions end, and this browser gets a new session. */
  changePassword: authenticated('session.changePassword')
    .input(changePassword)
    .mutation(async ({ ctx, input }) => {
      requireRole(ctx.actor, 'session.changePassword')
      const { db, hub } = ctx.services
      // What can be said without the current password is no try at it.
      if (input.password.normalize('NFC') === input.current.normalize('NFC')) throw refuse('PASSWORD_UNCHANGED', {})
      validatePassword(ctx.user, input.password, ctx.user.username)
      const attempts = await consumeOwnAttempt(ctx.services, ctx.user.userId)
      const current = await findPasswordHash(db.prisma, ctx.user.userId)
      if (!(await refundIfBusy(ctx.services, attempts, () => verifyPassword(input.current, current)))) throw refuse('INVALID_CURRENT_PASSWORD', {})
      const hash = await refundIfBusy(ctx.services, attempts, () => hashPassword(input.password))
      const opened = await inTransaction(
        db.prisma,
        async (tx) => {
          await lockSelf(tx, ctx.user)
          const actor = await lockActor(tx, ctx.user, 'session.changePassword')
          if ((await findPasswordHash(tx, actor.id)) !== current) throw refuse('INVALID_CURRENT_PASSWORD', {})
          await setOwnPassword(tx, actor.id, hash)
          await endSessions(tx, [actor.id], 'password-changed', { endedById: actor.id })
          await revokeLinks(tx, [actor.id])
          await refundAttempts(tx, attempts)
          await recordChange(
            tx,
            auditActor(ctx, ctx.user),
            'session.changePassword',
            [{ organizationId: actor.organizationId, targetKind: 'user', targetId: actor.id, targetName: ctx.user.username }],
            ['session'],
          )
          return createSession(ctx, tx, actor.id)
        },
        ctx.user.userId,
      )
      hub.wake()
      return issueSessionCookie(ctx, opened)
    }),

  /** "Your password was set by …", "Your second factor was reset by …": seen. */
  acknowledge: change('session.acknowledge', { input: nothing, lockFirst: lockSelf }, async ({ tx, actor, user, done }) => {
    const { count } = await tx.user.updateMany({
      where: { id: actor.id, OR: [{ passwordSetById: { not: null } }, { factorResetById: { not: null } }] },
      data: { passwordSetById: null, factorResetAt: null, factorResetById: null },
    })
    if (count > 0) done({ organizationId: actor.organizationId, targetKind: 'user', targetId: actor.id, targetName: user.username })
    return {}
  }),

  /** One's own open sessions. */
  list: read('session.list', nothing, async ({ services, user }): Promise<SessionRow[]> => {
    const rows = await listSessions(services.db.prisma, user.userId)
    return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString(), lastSeenAt: row.lastSeenAt.toISOString(), current: row.id === user.sessionId }))
  }),

  /** When and from where one came in, and who tried to under one's name, the latest first. */
  signInHistory: read(
    'session.signInHistory',
    sessionSignInHistory,
    ({ services, user, input }): Promise<Paged<SignInRow>> => signInHistory(services.db.pool, user, input.page),
  ),

  /** End one of one's own sessions, or all others. */
  end: change('session.end', { input: sessionEnd }, async ({ tx, actor, user, input, done }) => {
    const ended = input.sessionId
      ? await endOne(tx, actor.id, input.sessionId)
      : await endSessions(tx, [actor.id], 'ended-by-self', { endedById: actor.id, except: user.sessionId })
    if (ended.length > 0)
      done({ organizationId: actor.organizationId, targetKind: 'user', targetId: actor.id, targetName: user.username, after: { sessions: ended } })
    return { ended: ended.length }
  }),
})

async function endOne(tx: Parameters<typeof endSessions>[0], userId: string, sessionId: string): Promise<string[]> {
  const known = await tx.session.findFirst({ where: { id: sessionId, userId }, select: { id: true } })
  if (!known) throw refuse('NOT_FOUND', { what: 'session' })
  return (await endSession(tx, { userId, sessionId }, 'ended-by-self')) ? [sessionId] : []
}
