import type { AppRouter } from '@roster/api/router'
import { isAborted, isTemporary, isUnbatched } from '@roster/domain'
import {
  type CreateTRPCClient,
  createTRPCClientProxy,
  httpBatchLink,
  httpLink,
  httpSubscriptionLink,
  retryLink,
  splitLink,
  type TRPCLink,
  type TRPCRequestOptions,
  TRPCUntypedClient,
} from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { connectionFailed, connectionWorks } from './connection.ts'
import { reauthenticationLink } from './reauthentication.ts'

export type Api = CreateTRPCClient<AppRouter>

export const API_URL = '/trpc'
/** Reads use POST: their input may exceed an address (10,000 ids), and search terms stay out of access logs. */
const HTTP = { url: API_URL, methodOverride: 'POST' } as const

/**
 * The delay before an attempt, in ms: 0.5, 1, 2, 4, then 8 s, with jitter so that consoles don't return all at once.
 */
function retryDelay(attempt: number): number {
  return Math.min(8000, 250 * 2 ** attempt) * (0.8 + Math.random() * 0.4)
}

/** Reports each answer to the “Reconnecting” banner, and each final refusal to `onError`. */
function watchLink(onError: (error: unknown) => void): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) =>
        next(op).subscribe({
          next(value) {
            if (op.type !== 'subscription') connectionWorks()
            observer.next(value)
          },
          error(error) {
            if (isTemporary(error)) {
              if (op.type === 'query') connectionFailed()
            } else if (!isAborted(error)) {
              connectionWorks()
              onError(error)
            }
            observer.error(error)
          },
          complete: () => observer.complete(),
        }),
      )
}

/**
 * The first links of every client. Queries are retried with growing delays while the server can't be reached; mutations
 * never are.
 */
export function commonLinks(onError: (error: unknown) => void): TRPCLink<AppRouter>[] {
  return [
    retryLink({ retry: ({ op, error }) => op.type === 'query' && isTemporary(error), retryDelayMs: retryDelay }),
    watchLink(onError),
  ]
}

/**
 * An aborted query rejects with the abort reason, as `fetch` does. The query cache then doesn't take it for a failure.
 */
class Client extends TRPCUntypedClient<AppRouter> {
  override async query(path: string, input?: unknown, options?: TRPCRequestOptions): Promise<unknown> {
    try {
      return await super.query(path, input, options)
    } catch (error) {
      options?.signal?.throwIfAborted()
      throw error
    }
  }
}

/**
 * The console's typed client.
 * @param onError receives each final refusal, besides the call itself
 */
export function createApi(onError: (error: unknown) => void): Api {
  const client = new Client({
    links: [
      ...commonLinks(onError),
      reauthenticationLink(),
      splitLink({
        condition: (op) => op.type === 'subscription',
        true: httpSubscriptionLink({ url: API_URL }),
        false: splitLink({
          condition: (op) => isUnbatched(op.path),
          true: httpLink(HTTP),
          false: httpBatchLink({ ...HTTP, maxItems: 10 }),
        }),
      }),
    ],
  })
  return createTRPCClientProxy<AppRouter>(client)
}
