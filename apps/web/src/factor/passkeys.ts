import { type PasskeyAssertion, type PasskeyRegistration, passkeyHost } from '@roster/domain'
import { t } from '../i18n/text.ts'

type Library = typeof import('@simplewebauthn/browser')
type CreationOptions = Parameters<Library['startRegistration']>[0]['optionsJSON']
type RequestOptions = Parameters<Library['startAuthentication']>[0]['optionsJSON']

/** Whether this browser, at this address, can use passkeys. */
export function canUsePasskeys(): boolean {
  return passkeyHost(location.origin) !== null && typeof PublicKeyCredential === 'function'
}

/** Why there is no passkey: somebody changed their mind, took too long, or the device has none for here. */
export class NoPasskey extends Error {
  override readonly name = 'NoPasskey'
}

// Read when it is first needed: most people sign in without.
async function ask<T>(what: (library: Library) => Promise<T>, known: string): Promise<T> {
  const library = await import('@simplewebauthn/browser')
  try {
    return await what(library)
  } catch (error) {
    const isKnown = error instanceof Error && error.name === 'InvalidStateError'
    throw new NoPasskey(isKnown ? known : t('factor.passkey.none'), { cause: error })
  }
}

/** Let the browser make a passkey. @throws {NoPasskey} with a sentence for whoever asked */
export async function makePasskey(optionsJSON: CreationOptions): Promise<PasskeyRegistration> {
  const { id, response } = await ask((library) => library.startRegistration({ optionsJSON }), t('refusal.passkeyExists'))
  const { clientDataJSON, attestationObject, transports = [] } = response
  return { id, clientDataJSON, attestationObject, transports: [...transports] }
}

/** Let the browser answer with a passkey. @throws {NoPasskey} with a sentence for whoever asked */
export async function usePasskey(optionsJSON: RequestOptions): Promise<PasskeyAssertion> {
  const { id, response } = await ask((library) => library.startAuthentication({ optionsJSON }), t('factor.passkey.none'))
  const { clientDataJSON, authenticatorData, signature, userHandle = null } = response
  return { id, clientDataJSON, authenticatorData, signature, userHandle: userHandle || null }
}
