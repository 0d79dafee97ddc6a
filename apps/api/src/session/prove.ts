import { randomUUIDv7 } from 'node:crypto'
import { closeChallenge, inTransaction, noteProof, ownPasswordHash, passkeysOf, putChallenge, tryChallenge } from '@roster/db'
import { type AssertionOptions, type Prove, refuse } from '@roster/domain'
import { hold, lockSelf } from '../call/hold.ts'
import type { Context } from '../context.ts'
import { claimFactor } from '../factor/claimFactor.ts'
import { assertionOptions } from '../factor/passkey.ts'
import { relyingPartyOf } from '../factor/relyingParty.ts'
import { sessionToken } from '../factor/sessionToken.ts'
import { verifyPassword } from '../password/hash.ts'
import { hashTry, returnTries, takeOwnTry } from '../throttle/signInTries.ts'
import type { Caller } from './sessionOf.ts'

/** What a browser is told to ask one of the caller's passkeys by. @throws PASSKEYS_UNAVAILABLE */
export async function beginProof(ctx: Context, user: Caller): Promise<AssertionOptions> {
  const { prisma } = ctx.services.db
  const options = await assertionOptions(relyingPartyOf(ctx), await passkeysOf(prisma, user.userId), 'required')
  const challenge = Buffer.from(options.challenge, 'base64url')
  await putChallenge(prisma, {
    id: randomUUIDv7(),
    tokenHash: sessionToken('passkey-proof', user.sessionId),
    kind: 'passkey-proof',
    userId: user.userId,
    challenge,
  })
  return options
}

/**
 * Prove anew who one is, for what asks for it. Tries are counted as those at one's own password.
 * @throws INVALID_CURRENT_PASSWORD, INVALID_CODE, PASSKEY_REFUSED, CHALLENGE_EXPIRED, TOO_MANY_ATTEMPTS, BUSY
 */
export async function proveWith(ctx: Context, user: Caller, given: Prove): Promise<void> {
  const { db } = ctx.services
  const tries = await takeOwnTry(ctx.services, user.userId)
  const current = given.kind === 'password' ? await ownPasswordHash(db.prisma, user.userId) : null
  if (given.kind === 'password' && !(await hashTry(ctx.services, tries, () => verifyPassword(given.password, current))))
    throw refuse('INVALID_CURRENT_PASSWORD', {})
  const begun = given.kind === 'passkey' ? await tryChallenge(db.prisma, sessionToken('passkey-proof', user.sessionId), 'passkey-proof') : undefined
  await inTransaction(
    db.prisma,
    async (tx) => {
      await lockSelf(tx, user)
      const actor = await hold(tx, user, 'session.reauthenticate')
      if (given.kind === 'password') {
        const row = await tx.user.findUnique({ where: { id: actor.id }, select: { passwordHash: true } })
        if (row?.passwordHash !== current) throw refuse('INVALID_CURRENT_PASSWORD', {})
      } else {
        if (begun && !(await closeChallenge(tx, begun.id))) throw refuse('CHALLENGE_EXPIRED', {})
        await claimFactor(ctx, tx, actor.id, given, { begun, isVerified: true })
      }
      await noteProof(tx, user.sessionId)
      await returnTries(tx, tries)
    },
    user.userId,
  )
}
