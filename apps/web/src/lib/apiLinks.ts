import type { AppRouter } from '@roster/api/router'
import { isSentAlone } from '@roster/domain'
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
import { isAborted, isTemporary } from './failure.ts'
import { reauthenticationLink } from './reauthentication.ts'

export type Api = CreateTRPCClient<AppRouter>

export const API_URL = '/trpc'
/** As POST, reads may ask for more than fits into an address (a selection of 10,000), and whom they search for stays out of access logs. */
const HTTP = { url: API_URL, methodOverride: 'POST' } as const

/** Waits between tries of a read, in ms: 0.5, 1, 2, 4, then 8 s, each a little off so that consoles don't return all at once. */
function retryDelay(attempt: number): number {
  return Math.min(8000, 250 * 2 ** attempt) * (0.8 + Math.random() * 0.4)
}

/** Watches each answer: for the "Reconnecting" banner, and for refusals that end the page. */
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

/** What every client of ours begins with: reads are tried again, with growing waits, while the server can't be reached; what changes something never is. */
export function commonLinks(onError: (error: unknown) => void): TRPCLink<AppRouter>[] {
  return [retryLink({ retry: ({ op, error }) => op.type === 'query' && isTemporary(error), retryDelayMs: retryDelay }), watchLink(onError)]
}

/** A read that the page gave up rejects with the reason it was given up for, as `fetch` does: by that the query cache knows that it isn't a failure. */
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
 * @param onError is told each final refusal, besides whoever made the call.
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
          condition: (op) => isSentAlone(op.path),
          true: httpLink(HTTP),
          false: httpBatchLink({ ...HTTP, maxItems: 10 }),
        }),
      }),
    ],
  })
  return createTRPCClientProxy<AppRouter>(client)
}
