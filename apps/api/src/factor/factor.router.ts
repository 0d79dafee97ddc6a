import { randomUUIDv7 } from 'node:crypto'
import {
  closeChallenge,
  findChallenge,
  insertPasskey,
  ownFactors,
  putChallenge,
  putTotp,
  readSecurity,
  removePasskey,
  removeTotp,
  renamePasskey,
  replaceRecoveryCodes,
  uniqueViolation,
} from '@roster/db'
import {
  addPasskey,
  confirmTotp,
  type FactorAdded,
  type FactorStatus,
  onPasskey,
  type RegistrationOptions,
  refuse,
  renamePasskey as renamePasskeyInput,
  type TotpBegun,
} from '@roster/domain'
import * as z from 'zod'
import { change } from '../call/change.ts'
import { lockSelf } from '../call/lockActor.ts'
import { read } from '../call/read.ts'
import { ensureSecretKey, sealSecret } from '../secret/secrets.ts'
import { deviceName } from '../session/device.ts'
import { t } from '../trpc.ts'
import { afterFactorAdded, afterFactorRemoved, selfAuditEntry } from './ownFactor.ts'
import { registrationOptions, verifyRegistration } from './passkey.ts'
import { generateRecoveryCodes } from './recoveryCode.ts'
import { relyingPartyOf } from './relyingParty.ts'
import { sessionChallengeHash } from './sessionChallenge.ts'
import { newTotpSecret, totpUri, verifyTotp } from './totp.ts'
import { openTotpTicket, totpTicket } from './totpTicket.ts'

const nothing = z.strictObject({}).optional()

/** One's own second factor. Whatever changes it asks for a fresh proof of who one is. */
export const factorRouter = t.router({
  /** What one has besides the password, and whether one's role has to have something. */
  status: read('factor.status', nothing, async ({ services, actor }): Promise<FactorStatus> => {
    const { prisma } = services.db
    const [{ totpSince, passkeys, recoveryCodesLeft }, { secondFactorRoles }] = await Promise.all([ownFactors(prisma, actor.id), readSecurity(prisma)])
    return {
      totpSince: totpSince?.toISOString() ?? null,
      passkeys: passkeys.map((row) => ({ ...row, createdAt: row.createdAt.toISOString(), lastUsedAt: row.lastUsedAt?.toISOString() ?? null })),
      recoveryCodesLeft,
      required: secondFactorRoles.includes(actor.role),
    }
  }),

  /** A secret for an authenticator app; counts once a first code of it was right. @throws REAUTHENTICATION_REQUIRED, SECRET_KEY_MISSING */
  beginTotp: change(
    'factor.beginTotp',
    { input: nothing, stepUp: true, prepare: (_input, ctx) => ensureSecretKey(ctx.services), lockFirst: lockSelf },
    async ({ ctx, user }): Promise<TotpBegun> => {
      const secret = newTotpSecret()
      return { secret, uri: totpUri(secret, { issuer: user.instanceName, username: user.username }), ticket: totpTicket(ctx.services, user, secret) }
    },
  ),

  /** The authenticator's first code: from now on it is asked for, in place of an earlier one's. @throws INVALID_CODE, CHALLENGE_EXPIRED */
  confirmTotp: change(
    'factor.confirmTotp',
    { input: confirmTotp, lockFirst: lockSelf },
    async ({ tx, ctx, actor, user, input, done }): Promise<FactorAdded> => {
      const secret = openTotpTicket(ctx.services, user, input.ticket)
      const step = verifyTotp(secret, input.code, 0)
      if (step === null) throw refuse('INVALID_CODE', {})
      await putTotp(tx, actor.id, sealSecret(ctx.services, secret, `totp:${actor.id}`), step)
      done(selfAuditEntry(user, { after: { secondFactor: true } }))
      return afterFactorAdded(tx, actor.id)
    },
  ),

  /** @throws REAUTHENTICATION_REQUIRED, LAST_FACTOR */
  removeTotp: change('factor.removeTotp', { input: nothing, stepUp: true, lockFirst: lockSelf }, async ({ tx, actor, user, done }) => {
    if (!(await removeTotp(tx, actor.id))) return {}
    done(selfAuditEntry(user, { after: await afterFactorRemoved(tx, actor) }))
    return {}
  }),

  /** What a browser is told to make a passkey by. @throws REAUTHENTICATION_REQUIRED, PASSKEYS_UNAVAILABLE */
  beginPasskey: change(
    'factor.beginPasskey',
    { input: nothing, stepUp: true, lockFirst: lockSelf },
    async ({ tx, ctx, actor, user }): Promise<RegistrationOptions> => {
      const owner = { id: actor.id, username: user.username, displayName: user.displayName, instance: user.instanceName }
      const options = await registrationOptions(tx, relyingPartyOf(ctx), owner)
      const challenge = Buffer.from(options.challenge, 'base64url')
      await putChallenge(tx, {
        id: randomUUIDv7(),
        tokenHash: sessionChallengeHash('passkey-registration', user.sessionId),
        kind: 'passkey-registration',
        userId: actor.id,
        challenge,
      })
      return options
    },
  ),

  /** The new passkey's answer. @throws PASSKEY_REFUSED, PASSKEY_EXISTS, CHALLENGE_EXPIRED */
  addPasskey: change('factor.addPasskey', { input: addPasskey, lockFirst: lockSelf }, async ({ tx, ctx, actor, user, input, done }): Promise<FactorAdded> => {
    const begun = await findChallenge(tx, sessionChallengeHash('passkey-registration', user.sessionId), 'passkey-registration')
    if (!begun?.challenge || begun.userId !== actor.id || !(await closeChallenge(tx, begun.id))) throw refuse('CHALLENGE_EXPIRED', {})
    const made = await verifyRegistration(relyingPartyOf(ctx), begun.challenge, input.registration)
    if (!made) throw refuse('PASSKEY_REFUSED', {})
    const name = input.name ?? deviceName(ctx.req.headers['user-agent']) ?? 'Passkey'
    const { id: credentialId, publicKey, counter, transports = [] } = made.credential
    await insertPasskey(tx, {
      id: randomUUIDv7(),
      userId: actor.id,
      credentialId: Buffer.from(credentialId, 'base64url'),
      publicKey: Buffer.from(publicKey),
      counter,
      transports: [...transports],
      backedUp: made.credentialBackedUp,
      name,
    }).catch((error: unknown) => {
      throw uniqueViolation(error) ? refuse('PASSKEY_EXISTS', {}) : error
    })
    done(selfAuditEntry(user, { after: { secondFactor: true, name } }))
    return afterFactorAdded(tx, actor.id)
  }),

  /** @throws NOT_FOUND */
  renamePasskey: change('factor.renamePasskey', { input: renamePasskeyInput, lockFirst: lockSelf }, async ({ tx, actor, user, input, done }) => {
    if (!(await renamePasskey(tx, actor.id, input.passkeyId, input.name))) throw refuse('NOT_FOUND', { what: 'passkey' })
    done(selfAuditEntry(user, { after: { name: input.name } }))
    return {}
  }),

  /** @throws REAUTHENTICATION_REQUIRED, NOT_FOUND, LAST_FACTOR */
  removePasskey: change('factor.removePasskey', { input: onPasskey, stepUp: true, lockFirst: lockSelf }, async ({ tx, actor, user, input, done }) => {
    if (!(await removePasskey(tx, actor.id, input.passkeyId))) throw refuse('NOT_FOUND', { what: 'passkey' })
    done(selfAuditEntry(user, { after: await afterFactorRemoved(tx, actor) }))
    return {}
  }),

  /** Ten new recovery codes, shown this once; the old ones are over. Without a second factor there are none. @throws REAUTHENTICATION_REQUIRED */
  replaceRecoveryCodes: change(
    'factor.replaceRecoveryCodes',
    { input: nothing, stepUp: true, lockFirst: lockSelf },
    async ({ tx, actor, user, done }): Promise<FactorAdded> => {
      if (!user.secondFactor) return { recoveryCodes: null }
      const { codes, hashes } = generateRecoveryCodes(actor.id)
      await replaceRecoveryCodes(tx, actor.id, hashes)
      done(selfAuditEntry(user))
      return { recoveryCodes: codes }
    },
  ),
})
