import { passkeyHost, refuse } from '@roster/domain'
import type { Context } from '../context.ts'

/** Whom passkeys are bound to: the host's name, and the origin that browsers say they answer to. */
export interface RelyingParty {
  id: string
  origin: string
}

/** The relying party of a call: PUBLIC_URL, else the loopback name it came by. @throws PASSKEYS_UNAVAILABLE */
export function relyingPartyOf({ services, req }: Pick<Context, 'services' | 'req'>): RelyingParty {
  const origin = services.publicUrl ?? `http://${req.headers.host?.toLowerCase() ?? ''}`
  const id = passkeyHost(origin)
  if (id === null) throw refuse('PASSKEYS_UNAVAILABLE', {})
  return { id, origin }
}
