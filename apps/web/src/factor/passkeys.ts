import { type PasskeyAssertion, type PasskeyRegistration, passkeyHost } from '@roster/domain'
import { t } from '../i18n/text.ts'
import { refusalSentence } from '../lib/refusal.ts'

type Library = typeof import('@simplewebauthn/browser')
type CreationOptions = Parameters<Library['startRegistration']>[0]['optionsJSON']
type RequestOptions = Parameters<Library['startAuthentication']>[0]['optionsJSON']

/** Whether this browser, at this address, can use passkeys. */
export function canUsePasskeys(): boolean {
  return passkeyHost(location.origin) !== null && typeof PublicKeyCredential === 'function'
}

/** The browser gave no passkey: the user cancelled, it timed out, or the device has none for this site. */
export class PasskeyError extends Error {
  override readonly name = 'PasskeyError'
}

// The library loads on first use, since most users sign in without a passkey.
async function callLibrary<T>(step: (library: Library) => Promise<T>, alreadyRegistered: string): Promise<T> {
  const library = await import('@simplewebauthn/browser')
  try {
    return await step(library)
  } catch (error) {
    const isRegistered = error instanceof Error && error.name === 'InvalidStateError'
    throw new PasskeyError(isRegistered ? alreadyRegistered : t('factor.passkey.failed'), { cause: error })
  }
}

/** Creates a passkey in the browser. @throws {PasskeyError} with a sentence for the user */
export async function createPasskey(optionsJSON: CreationOptions): Promise<PasskeyRegistration> {
  const { id, response } = await callLibrary(
    (library) => library.startRegistration({ optionsJSON }),
    refusalSentence({ code: 'PASSKEY_EXISTS', details: {} }),
  )
  const { clientDataJSON, attestationObject, transports = [] } = response
  return { id, clientDataJSON, attestationObject, transports: [...transports] }
}

/** Signs a challenge with a passkey. @throws {PasskeyError} with a sentence for the user */
export async function usePasskey(optionsJSON: RequestOptions): Promise<PasskeyAssertion> {
  const { id, response } = await callLibrary(
    (library) => library.startAuthentication({ optionsJSON }),
    t('factor.passkey.failed'),
  )
  const { clientDataJSON, authenticatorData, signature, userHandle = null } = response
  return { id, clientDataJSON, authenticatorData, signature, userHandle: userHandle || null }
}
