import * as z from 'zod'
import { problem } from './fieldProblem.ts'
import { id } from './id.ts'
import { typedPassword } from './password.ts'
import { line } from './text.ts'

/** How many recovery codes are made at once; each works once. */
export const RECOVERY_CODES = 10
/** How long something begun (a sign-in that waits for its second factor, a passkey's ceremony) may take, in ms. */
export const CHALLENGE_LIFETIME_MS = 5 * 60 * 1000
/** Wrong answers to one challenge, after which it has to be begun anew. */
export const CHALLENGE_ATTEMPTS = 5
/** How long a proof of who one is counts as fresh, in ms. */
export const REAUTHENTICATION_LIFETIME_MS = 10 * 60 * 1000

/** A code as typed: an authenticator's six digits, or a recovery code; spaces and hyphens are only for reading. */
const code = z
  .string({ error: problem('REQUIRED_CODE') })
  .max(64, { error: problem('INVALID_CODE') })
  .transform((text) => text.replace(/[\s-]/gu, '').toLowerCase())
  .refine((text) => text !== '', { error: problem('REQUIRED_CODE') })
  .refine((text) => text === '' || /^(\d{6}|[a-z0-9]{16})$/u.test(text), { error: problem('INVALID_CODE') })

/** Bytes as WebAuthn hands them over: base64url without padding. */
const bytes = (max: number) =>
  z
    .string({ error: problem('INVALID_PASSKEY') })
    .min(1, { error: problem('INVALID_PASSKEY') })
    .max(max, { error: problem('INVALID_PASSKEY') })
    .regex(/^[A-Za-z0-9_-]+$/u, { error: problem('INVALID_PASSKEY') })

/** What a passkey answers to a challenge. */
export const passkeyAssertion = z.strictObject({
  id: bytes(1400),
  clientDataJSON: bytes(8000),
  authenticatorData: bytes(8000),
  signature: bytes(8000),
  userHandle: bytes(200).nullable(),
})
export type PasskeyAssertion = z.output<typeof passkeyAssertion>

/** What a new passkey answers to its registration. */
export const passkeyRegistration = z.strictObject({
  id: bytes(1400),
  clientDataJSON: bytes(8000),
  attestationObject: bytes(40_000),
  transports: z.array(z.string().max(30)).max(10),
})
export type PasskeyRegistration = z.output<typeof passkeyRegistration>

const byCode = z.strictObject({ kind: z.literal('code'), code })
const byPasskey = z.strictObject({ kind: z.literal('passkey'), assertion: passkeyAssertion })

/** `session.confirmFactor`: the second factor of a sign-in that waits for it. */
export const confirmFactor = z.discriminatedUnion('kind', [byCode, byPasskey])
export type ConfirmFactor = z.output<typeof confirmFactor>
/** `session.signInWithPasskey`. */
export const signInWithPasskey = z.strictObject({ assertion: passkeyAssertion })
/** `session.reauthenticate`: any one of what one can prove oneself by. */
export const reauthenticate = z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('password'), password: typedPassword }), byCode, byPasskey])
export type Reauthenticate = z.output<typeof reauthenticate>
/** What somebody can prove themselves by. */
export type ReauthenticationMethod = 'password' | 'code' | 'passkey'

const passkeyName = line(60).refine((text) => text !== '', { error: problem('REQUIRED_NAME') })
/** `factor.confirmTotp`: the ticket that `beginTotp` gave, and a first code. */
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
  /** Whether its owner's other devices have it, too. */
  backedUp: boolean
}

/** One's own second factor. */
export interface FactorStatus {
  /** Since when an authenticator app is set up; null: none. */
  totpSince: string | null
  passkeys: PasskeyRow[]
  recoveryCodesLeft: number
  /** Whether the security policies want one's role to have one. */
  required: boolean
}

/** An authenticator that is being set up: the secret as it is typed, and as the address that its QR code holds. */
export interface TotpBegun {
  secret: string
  uri: string
  /** What to confirm it with, within five minutes: the secret, sealed for this session. */
  ticket: string
}

/** What setting up a factor answers: recovery codes, shown this once, when it was the first. */
export interface FactorAdded {
  recoveryCodes: string[] | null
}

/**
 * The name that passkeys of a console at this origin are bound to; null where there can be none: browsers know passkeys by a host's name, not by
 * an address of numbers, and only where nobody can listen in.
 */
export function passkeyHost(origin: string): string | null {
  const url = URL.parse(origin)
  if (url === null || /^\[|^\d+(\.\d+){3}$/u.test(url.hostname)) return null
  return url.protocol === 'https:' || url.hostname === 'localhost' ? url.hostname : null
}

type Verification = 'discouraged' | 'preferred' | 'required'
/** A passkey that is named to a browser. */
export interface PasskeyDescriptor {
  id: string
  type: string
  transports?: string[]
}

/** What a browser is told to make a passkey by: WebAuthn's PublicKeyCredentialCreationOptionsJSON. Nothing is asked of extensions. */
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

/** What a browser is told to ask a passkey by: WebAuthn's PublicKeyCredentialRequestOptionsJSON. */
export interface AssertionOptions {
  challenge: string
  timeout?: number
  rpId?: string
  allowCredentials?: PasskeyDescriptor[]
  userVerification?: Verification
  hints?: ('hybrid' | 'security-key' | 'client-device')[]
}
