import { randomUUIDv7 } from 'node:crypto'
import {
  commit,
  completeChallenge,
  consumeChallengeAttempt,
  findPasswordHash,
  listPasskeys,
  recordReauthentication,
  saveChallenge,
} from '@roster/db'
import { type AssertionOptions, type Reauthenticate, refuse } from '@roster/domain'
import type { Context } from '../call/context.ts'
import { lockActor, lockSelf } from '../call/lockActor.ts'
import { assertionOptions } from '../factor/passkey.ts'
import { relyingPartyOf } from '../factor/relyingParty.ts'
import { sessionChallengeHash } from '../factor/sessionChallenge.ts'
import { verifyFactor } from '../factor/verifyFactor.ts'
import { verifyPassword } from '../password/hash.ts'
import { consumeOwnAttempt, refundAttempts, refundIfBusy } from '../rateLimit/signInAttempts.ts'
import type { Principal } from './resolveSession.ts'

/** Returns WebAuthn request options for the principal's passkeys. @throws PASSKEYS_UNAVAILABLE */
export async function beginReauthentication(ctx: Context, user: Principal): Promise<AssertionOptions> {
  const { prisma } = ctx.services.db
  const options = await assertionOptions(relyingPartyOf(ctx), await listPasskeys(prisma, user.userId), 'required')
  const challenge = Buffer.from(options.challenge, 'base64url')
  await saveChallenge(prisma, {
    id: randomUUIDv7(),
    tokenHash: sessionChallengeHash('passkey-reauthentication', user.sessionId),
    kind: 'passkey-reauthentication',
    userId: user.userId,
    challenge,
  })
  return options
}

/**
 * Reauthenticates the principal for sensitive changes. Attempts share the limit of the current password.
 * @throws INVALID_CURRENT_PASSWORD, INVALID_CODE, PASSKEY_REFUSED, CHALLENGE_EXPIRED, TOO_MANY_ATTEMPTS, BUSY
 */
export async function reauthenticateSession(ctx: Context, user: Principal, proof: Reauthenticate): Promise<void> {
  const { db } = ctx.services
  const attempts = await consumeOwnAttempt(ctx.services, user.userId)
  const current = proof.kind === 'password' ? await findPasswordHash(db.prisma, user.userId) : null
  if (
    proof.kind === 'password' &&
    !(await refundIfBusy(ctx.services, attempts, () => verifyPassword(proof.password, current)))
  )
    throw refuse('INVALID_CURRENT_PASSWORD', {})
  const pending =
    proof.kind === 'passkey'
      ? await consumeChallengeAttempt(
          db.prisma,
          sessionChallengeHash('passkey-reauthentication', user.sessionId),
          'passkey-reauthentication',
        )
      : undefined
  await commit(ctx.services, { key: user.userId }, async ({ tx }) => {
    await lockSelf(tx, user)
    const actor = await lockActor(tx, user, 'session.reauthenticate')
    if (proof.kind === 'password') {
      const row = await tx.user.findUnique({ where: { id: actor.id }, select: { passwordHash: true } })
      if (row?.passwordHash !== current) throw refuse('INVALID_CURRENT_PASSWORD', {})
    } else {
      if (pending && !(await completeChallenge(tx, pending.id))) throw refuse('CHALLENGE_EXPIRED', {})
      await verifyFactor(ctx, tx, actor.id, proof, { pending, isVerified: true })
    }
    await recordReauthentication(tx, user.sessionId)
    await refundAttempts(tx, attempts)
  })
}
