import { passkeyHost, refuse } from '@roster/domain'
import type { Context } from '../call/context.ts'

/** The WebAuthn relying party: the host name and the origin that passkeys are bound to. */
export interface RelyingParty {
  id: string
  origin: string
}

/** The relying party of a request: PUBLIC_URL, else the request's loopback name. @throws PASSKEYS_UNAVAILABLE */
export function relyingPartyOf({ services, req }: Pick<Context, 'services' | 'req'>): RelyingParty {
  const origin = services.publicUrl ?? `http://${req.headers.host?.toLowerCase() ?? ''}`
  const id = passkeyHost(origin)
  if (id === null) throw refuse('PASSKEYS_UNAVAILABLE', {})
  return { id, origin }
}
