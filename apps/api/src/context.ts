import type { CreateFastifyContextOptions } from '@trpc/server/adapters/fastify'
import { addressOf } from './address.ts'
import type { Services } from './services.ts'
import { type SessionState, resolveSession } from './session/resolveSession.ts'

/** What one request's calls know. The session is looked up once, by the first call that asks. */
export interface Context {
  services: Services
  req: CreateFastifyContextOptions['req']
  res: CreateFastifyContextOptions['res']
  requestId: string
  /** The caller's address, as TRUST_PROXY lets it be known. */
  address: string
  /** How many calls came in this request. */
  calls: number
  session: () => Promise<SessionState>
  /** Who is meant by a call without a session, once its try was counted: if it is refused, that is written down with them. */
  meant: { userId: string | null }
}

/** Makes the context of each tRPC request. */
export function createContext(services: Services): (options: CreateFastifyContextOptions) => Context {
  return ({ req, res, info }) => contextOf(services, req, res, info.calls.length)
}

/** The context of a request in which so many calls came. */
export function contextOf(services: Services, req: Context['req'], res: Context['res'], calls: number): Context {
  let state: Promise<SessionState> | undefined
  const address = addressOf(req)
  return {
    services,
    req,
    res,
    requestId: req.id,
    address,
    calls,
    meant: { userId: null },
    session: () => {
      state ??= resolveSession(services, req.headers.cookie, address)
      return state
    },
  }
}
