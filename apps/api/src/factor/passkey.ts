import { listPasskeys, type Passkey, type Transaction } from '@roster/db'
import type { AssertionOptions, PasskeyAssertion, PasskeyRegistration, RegistrationOptions } from '@roster/domain'
import type { AuthenticatorTransport, VerifiedRegistrationResponse } from '@simplewebauthn/server'
import type { RelyingParty } from './relyingParty.ts'

/** Loaded on first use: it brings a certificate library, and many installations have no passkeys. */
const webAuthn = () => import('@simplewebauthn/server')

const TIMEOUT_MS = 60_000
/** EdDSA, ES256 and RS256 by their COSE numbers: the algorithms that common authenticators support. */
const ALGORITHMS = [-8, -7, -257]
const asTransports = (transports: readonly string[]) => [...transports] as AuthenticatorTransport[]

/** WebAuthn creation options. They prefer a discoverable credential, which can sign in without a username. */
export async function registrationOptions(
  tx: Pick<Transaction, 'passkey'>,
  party: RelyingParty,
  owner: { id: string; username: string; displayName: string | null; instance: string },
): Promise<RegistrationOptions> {
  const { generateRegistrationOptions } = await webAuthn()
  const known = await listPasskeys(tx, owner.id)
  const {
    extensions: _,
    attestationFormats: __,
    ...options
  } = await generateRegistrationOptions({
    rpName: owner.instance,
    rpID: party.id,
    userID: Uint8Array.from(Buffer.from(owner.id)),
    userName: owner.username,
    userDisplayName: owner.displayName ?? owner.username,
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    timeout: TIMEOUT_MS,
    excludeCredentials: known.map(({ credentialId, transports }) => ({
      id: credentialId.toString('base64url'),
      transports: asTransports(transports),
    })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  })
  return options
}

/**
 * Verifies a registration response against its challenge. Returns the credential, or null when the response is invalid.
 */
export async function verifyRegistration(
  party: RelyingParty,
  challenge: Buffer,
  { id, clientDataJSON, attestationObject, transports }: PasskeyRegistration,
): Promise<NonNullable<VerifiedRegistrationResponse['registrationInfo']> | null> {
  const { verifyRegistrationResponse } = await webAuthn()
  try {
    const { registrationInfo } = await verifyRegistrationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON, attestationObject, transports: asTransports(transports) },
      },
      expectedChallenge: challenge.toString('base64url'),
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      supportedAlgorithmIDs: ALGORITHMS,
      requireUserVerification: false,
    })
    return registrationInfo ?? null
  } catch {
    return null
  }
}

/** WebAuthn request options for these passkeys; an empty list lets the browser offer any discoverable one. */
export async function assertionOptions(
  party: RelyingParty,
  passkeys: readonly Passkey[],
  userVerification: 'required' | 'preferred',
): Promise<AssertionOptions> {
  const { generateAuthenticationOptions } = await webAuthn()
  const { extensions: _, ...options } = await generateAuthenticationOptions({
    rpID: party.id,
    timeout: TIMEOUT_MS,
    userVerification,
    allowCredentials: passkeys.map(({ credentialId, transports }) => ({
      id: credentialId.toString('base64url'),
      transports: asTransports(transports),
    })),
  })
  return options
}

/**
 * Verifies an assertion against its challenge; null when it is invalid. `isVerified` requires user verification (PIN or
 * biometrics).
 */
export async function verifyAssertion(
  party: RelyingParty,
  challenge: Buffer,
  { credentialId, publicKey, counter, transports }: Passkey,
  { id, userHandle, ...response }: PasskeyAssertion,
  { isVerified }: { isVerified: boolean },
): Promise<{ counter: number; backedUp: boolean } | null> {
  const { verifyAuthenticationResponse } = await webAuthn()
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: { ...response, ...(userHandle === null ? {} : { userHandle }) },
      },
      expectedChallenge: challenge.toString('base64url'),
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      credential: {
        id: credentialId.toString('base64url'),
        publicKey: Uint8Array.from(publicKey),
        counter,
        transports: asTransports(transports),
      },
      requireUserVerification: isVerified,
    })
    return verified ? { counter: authenticationInfo.newCounter, backedUp: authenticationInfo.credentialBackedUp } : null
  } catch {
    return null
  }
}
