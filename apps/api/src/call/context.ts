import type { CreateFastifyContextOptions } from '@trpc/server/adapters/fastify'
import { addressOf } from '../security/network.ts'
import type { Services } from '../server/services.ts'
import { resolveSession, type SessionState } from '../session/resolveSession.ts'

/** The context of one request, shared by the calls of a batch. */
export interface Context {
  services: Services
  req: CreateFastifyContextOptions['req']
  res: CreateFastifyContextOptions['res']
  requestId: string
  /** The client's address, as far as TRUST_PROXY allows. */
  address: string
  /** The number of calls in this request. */
  calls: number
  /** Resolves the session; the first call loads it. */
  session: () => Promise<SessionState>
  /** The user that a sign-in names. Set once the attempt is counted; a refusal is then recorded for that user. */
  attempt: { userId: string | null }
}

/** Creates the context of each tRPC request. */
export function createContext(services: Services): (options: CreateFastifyContextOptions) => Context {
  return ({ req, res, info }) => contextOf(services, req, res, info.calls.length)
}

/** The context of a request with `calls` calls. */
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
    attempt: { userId: null },
    session: () => {
      state ??= resolveSession(services, req.headers.cookie, address)
      return state
    },
  }
}
