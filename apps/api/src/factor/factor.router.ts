import { randomUUIDv7 } from 'node:crypto'
import {
  completeChallenge,
  findChallenge,
  findFactors,
  insertPasskey,
  readSecurity,
  removePasskey,
  removeTotp,
  renamePasskey,
  replaceRecoveryCodes,
  saveChallenge,
  saveTotp,
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
  type TotpSetup,
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

/** The principal's own second factors. Adding, replacing or removing one requires reauthentication. */
export const factorRouter = t.router({
  /** Returns the principal's second factors, and whether the security policies require one for their role. */
  status: read('factor.status', nothing, async ({ services, actor }): Promise<FactorStatus> => {
    const { prisma } = services.db
    const [{ totpSince, passkeys, recoveryCodesLeft }, { secondFactorRoles }] = await Promise.all([
      findFactors(prisma, actor.id),
      readSecurity(prisma),
    ])
    return {
      totpSince: totpSince?.toISOString() ?? null,
      passkeys: passkeys.map((row) => ({
        ...row,
        createdAt: row.createdAt.toISOString(),
        lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
      })),
      recoveryCodesLeft,
      required: secondFactorRoles.includes(actor.role),
    }
  }),

  /**
   * Starts to set up an authenticator app and returns its secret. `confirmTotp` activates it.
   * @throws REAUTHENTICATION_REQUIRED, SECRET_KEY_MISSING
   */
  beginTotp: change(
    'factor.beginTotp',
    { input: nothing, stepUp: true, prepare: (_input, ctx) => ensureSecretKey(ctx.services), lockFirst: lockSelf },
    async ({ ctx, user }): Promise<TotpSetup> => {
      const secret = newTotpSecret()
      return {
        secret,
        uri: totpUri(secret, { issuer: user.instanceName, username: user.username }),
        ticket: totpTicket(ctx.services, user, secret),
      }
    },
  ),

  /**
   * Activates the authenticator with its first code and replaces an earlier one. Returns recovery codes when this is
   * the first factor.
   * @throws INVALID_CODE, CHALLENGE_EXPIRED
   */
  confirmTotp: change(
    'factor.confirmTotp',
    { input: confirmTotp, lockFirst: lockSelf },
    async ({ tx, ctx, actor, user, input, record }): Promise<FactorAdded> => {
      const secret = openTotpTicket(ctx.services, user, input.ticket)
      const step = verifyTotp(secret, input.code, 0)
      if (step === null) throw refuse('INVALID_CODE', {})
      await saveTotp(tx, actor.id, sealSecret(ctx.services, secret, `totp:${actor.id}`), step)
      record(selfAuditEntry(user, { after: { secondFactor: true } }))
      return afterFactorAdded(tx, actor.id)
    },
  ),

  /** Removes the principal's authenticator. @throws REAUTHENTICATION_REQUIRED, LAST_FACTOR */
  removeTotp: change(
    'factor.removeTotp',
    { input: nothing, stepUp: true, lockFirst: lockSelf },
    async ({ tx, actor, user, record }) => {
      if (!(await removeTotp(tx, actor.id))) return {}
      record(selfAuditEntry(user, { after: await afterFactorRemoved(tx, actor) }))
      return {}
    },
  ),

  /**
   * Starts to register a passkey and returns the WebAuthn creation options.
   * @throws REAUTHENTICATION_REQUIRED,
   * PASSKEYS_UNAVAILABLE
   */
  beginPasskey: change(
    'factor.beginPasskey',
    { input: nothing, stepUp: true, lockFirst: lockSelf },
    async ({ tx, ctx, actor, user }): Promise<RegistrationOptions> => {
      const owner = {
        id: actor.id,
        username: user.username,
        displayName: user.displayName,
        instance: user.instanceName,
      }
      const options = await registrationOptions(tx, relyingPartyOf(ctx), owner)
      const challenge = Buffer.from(options.challenge, 'base64url')
      await saveChallenge(tx, {
        id: randomUUIDv7(),
        tokenHash: sessionChallengeHash('passkey-registration', user.sessionId),
        kind: 'passkey-registration',
        userId: actor.id,
        challenge,
      })
      return options
    },
  ),

  /**
   * Registers the passkey that the browser created. Returns recovery codes when this is the first factor.
   * @throws PASSKEY_REFUSED, PASSKEY_EXISTS, CHALLENGE_EXPIRED
   */
  addPasskey: change(
    'factor.addPasskey',
    { input: addPasskey, lockFirst: lockSelf },
    async ({ tx, ctx, actor, user, input, record }): Promise<FactorAdded> => {
      const pending = await findChallenge(
        tx,
        sessionChallengeHash('passkey-registration', user.sessionId),
        'passkey-registration',
      )
      if (!pending?.challenge || pending.userId !== actor.id || !(await completeChallenge(tx, pending.id)))
        throw refuse('CHALLENGE_EXPIRED', {})
      const registered = await verifyRegistration(relyingPartyOf(ctx), pending.challenge, input.registration)
      if (!registered) throw refuse('PASSKEY_REFUSED', {})
      const name = input.name ?? deviceName(ctx.req.headers['user-agent']) ?? 'Passkey'
      const { id: credentialId, publicKey, counter, transports = [] } = registered.credential
      await insertPasskey(tx, {
        id: randomUUIDv7(),
        userId: actor.id,
        credentialId: Buffer.from(credentialId, 'base64url'),
        publicKey: Buffer.from(publicKey),
        counter,
        transports: [...transports],
        backedUp: registered.credentialBackedUp,
        name,
      }).catch((error: unknown) => {
        throw uniqueViolation(error) ? refuse('PASSKEY_EXISTS', {}) : error
      })
      record(selfAuditEntry(user, { after: { secondFactor: true, name } }))
      return afterFactorAdded(tx, actor.id)
    },
  ),

  /** Renames one of the principal's passkeys. @throws NOT_FOUND */
  renamePasskey: change(
    'factor.renamePasskey',
    { input: renamePasskeyInput, lockFirst: lockSelf },
    async ({ tx, actor, user, input, record }) => {
      if (!(await renamePasskey(tx, actor.id, input.passkeyId, input.name)))
        throw refuse('NOT_FOUND', { what: 'passkey' })
      record(selfAuditEntry(user, { after: { name: input.name } }))
      return {}
    },
  ),

  /** Removes one of the principal's passkeys. @throws REAUTHENTICATION_REQUIRED, NOT_FOUND, LAST_FACTOR */
  removePasskey: change(
    'factor.removePasskey',
    { input: onPasskey, stepUp: true, lockFirst: lockSelf },
    async ({ tx, actor, user, input, record }) => {
      if (!(await removePasskey(tx, actor.id, input.passkeyId))) throw refuse('NOT_FOUND', { what: 'passkey' })
      record(selfAuditEntry(user, { after: await afterFactorRemoved(tx, actor) }))
      return {}
    },
  ),

  /**
   * Replaces all recovery codes and returns ten new ones, which are never shown again. Returns none when the principal
   * has no second factor.
   * @throws REAUTHENTICATION_REQUIRED
   */
  replaceRecoveryCodes: change(
    'factor.replaceRecoveryCodes',
    { input: nothing, stepUp: true, lockFirst: lockSelf },
    async ({ tx, actor, user, record }): Promise<FactorAdded> => {
      if (!user.secondFactor) return { recoveryCodes: null }
      const { codes, hashes } = generateRecoveryCodes(actor.id)
      await replaceRecoveryCodes(tx, actor.id, hashes)
      record(selfAuditEntry(user))
      return { recoveryCodes: codes }
    },
  ),
})
