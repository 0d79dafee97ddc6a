import * as z from 'zod'
import { id } from '../id.ts'
import { problem } from '../refusal/fieldProblem.ts'
import { line } from '../text/text.ts'
import { typedPassword } from '../user/password.ts'

/** The number of recovery codes in a set. Each works once. */
export const RECOVERY_CODES = 10
/** The lifetime of a challenge in ms: a sign-in that needs a second factor, or a passkey ceremony. */
export const CHALLENGE_LIFETIME_MS = 5 * 60 * 1000
/** The wrong answers after which a challenge expires. */
export const CHALLENGE_ATTEMPTS = 5
/** How long a reauthentication counts as fresh, in ms. */
export const REAUTHENTICATION_LIFETIME_MS = 10 * 60 * 1000

/** A typed code: the six digits of an authenticator app, or a recovery code. Spaces and hyphens are removed. */
const code = z
  .string({ error: problem('REQUIRED_CODE') })
  .max(64, { error: problem('INVALID_CODE') })
  .transform((text) => text.replace(/[\s-]/gu, '').toLowerCase())
  .refine((text) => text !== '', { error: problem('REQUIRED_CODE') })
  .refine((text) => text === '' || /^(\d{6}|[a-z0-9]{16})$/u.test(text), { error: problem('INVALID_CODE') })

/** Bytes in WebAuthn's encoding: base64url without padding. */
const bytes = (max: number) =>
  z
    .string({ error: problem('INVALID_PASSKEY') })
    .min(1, { error: problem('INVALID_PASSKEY') })
    .max(max, { error: problem('INVALID_PASSKEY') })
    .regex(/^[A-Za-z0-9_-]+$/u, { error: problem('INVALID_PASSKEY') })

/** A passkey's answer to a challenge. */
export const passkeyAssertion = z.strictObject({
  id: bytes(1400),
  clientDataJSON: bytes(8000),
  authenticatorData: bytes(8000),
  signature: bytes(8000),
  userHandle: bytes(200).nullable(),
})
export type PasskeyAssertion = z.output<typeof passkeyAssertion>

/** A new passkey's answer to its registration. */
export const passkeyRegistration = z.strictObject({
  id: bytes(1400),
  clientDataJSON: bytes(8000),
  attestationObject: bytes(40_000),
  transports: z.array(z.string().max(30)).max(10),
})
export type PasskeyRegistration = z.output<typeof passkeyRegistration>

const byCode = z.strictObject({ kind: z.literal('code'), code })
const byPasskey = z.strictObject({ kind: z.literal('passkey'), assertion: passkeyAssertion })

/** `session.confirmFactor`: the second factor that completes a sign-in. */
export const confirmFactor = z.discriminatedUnion('kind', [byCode, byPasskey])
export type ConfirmFactor = z.output<typeof confirmFactor>
/** `session.signInWithPasskey`. */
export const signInWithPasskey = z.strictObject({ assertion: passkeyAssertion })
/** `session.reauthenticate`: the password or a second factor. */
export const reauthenticate = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('password'), password: typedPassword }),
  byCode,
  byPasskey,
])
export type Reauthenticate = z.output<typeof reauthenticate>
/** A way to reauthenticate. */
export type ReauthenticationMethod = 'password' | 'code' | 'passkey'

const passkeyName = line(60).refine((text) => text !== '', { error: problem('REQUIRED_NAME') })
/** `factor.confirmTotp`: the ticket of `beginTotp`, and a first code. */
export const confirmTotp = z.strictObject({
  ticket: bytes(1000),
  code: code.refine((text) => text === '' || /^\d{6}$/u.test(text), { error: problem('INVALID_TOTP_CODE') }),
})
export const addPasskey = z.strictObject({ registration: passkeyRegistration, name: passkeyName.optional() })
export const renamePasskey = z.strictObject({ passkeyId: id, name: passkeyName })
export const onPasskey = z.strictObject({ passkeyId: id })

/** A passkey as its owner sees it. */
export interface PasskeyRow {
  id: string
  name: string
  createdAt: string
  lastUsedAt: string | null
  /** Whether it is synced to other devices of its owner. */
  backedUp: boolean
}

/** The principal's own second factors. */
export interface FactorStatus {
  /** When the authenticator app was set up; null when there is none. */
  totpSince: string | null
  passkeys: PasskeyRow[]
  recoveryCodesLeft: number
  /** Whether the security policies require a second factor for the role. */
  required: boolean
}

/** An authenticator app during setup: the secret to type, and the URI for the QR code. */
export interface TotpSetup {
  secret: string
  uri: string
  /** The secret, sealed for this session, for `confirmTotp` within five minutes. */
  ticket: string
}

/** The answer to a new factor. The first one comes with recovery codes, which are shown only now. */
export interface FactorAdded {
  recoveryCodes: string[] | null
}

/**
 * The host name that passkeys are bound to at this origin; null when passkeys can't be used. Browsers require a domain
 * name and https, or localhost.
 */
export function passkeyHost(origin: string): string | null {
  const url = URL.parse(origin)
  if (url === null || /^\[|^\d+(\.\d+){3}$/u.test(url.hostname)) return null
  return url.protocol === 'https:' || url.hostname === 'localhost' ? url.hostname : null
}

type Verification = 'discouraged' | 'preferred' | 'required'
/** A passkey as browsers identify it. */
export interface PasskeyDescriptor {
  id: string
  type: string
  transports?: string[]
}

/** WebAuthn's PublicKeyCredentialCreationOptionsJSON, without extensions. */
export interface RegistrationOptions {
  rp: { id?: string; name: string }
  user: { id: string; name: string; displayName: string }
  challenge: string
  pubKeyCredParams: { alg: number; type: 'public-key' }[]
  timeout?: number
  excludeCredentials?: PasskeyDescriptor[]
  authenticatorSelection?: {
    authenticatorAttachment?: 'cross-platform' | 'platform'
    requireResidentKey?: boolean
    residentKey?: Verification
    userVerification?: Verification
  }
  hints?: ('hybrid' | 'security-key' | 'client-device')[]
  attestation?: 'direct' | 'enterprise' | 'indirect' | 'none'
}

/** WebAuthn's PublicKeyCredentialRequestOptionsJSON. */
export interface AssertionOptions {
  challenge: string
  timeout?: number
  rpId?: string
  allowCredentials?: PasskeyDescriptor[]
  userVerification?: Verification
  hints?: ('hybrid' | 'security-key' | 'client-device')[]
}
