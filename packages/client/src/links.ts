import type { AppRouter } from '@roster/api/router'
import { isUnbatched } from '@roster/domain'
import { httpBatchLink, httpLink, httpSubscriptionLink, splitLink, type TRPCLink } from '@trpc/client'
import { EventSource } from 'eventsource'
import type { Cookies } from './cookies.ts'

/** A `fetch` function: the runtime's, or a replacement. */
export type Fetch = (input: string | URL, init: RequestInit) => Promise<Response>

/** The server's limit for one batch. */
const MAX_BATCH = 10

/**
 * The links to the server at `origin`. They send the cookies, and the origin, which the server requires for every POST.
 */
export function links(origin: string, cookies: Cookies, send: Fetch): TRPCLink<AppRouter>[] {
  async function fetchAsClient(input: Request | string | URL, init: object = {}): Promise<Response> {
    const given: RequestInit = init
    const headers = new Headers(given.headers)
    headers.set('origin', origin)
    if (cookies.header !== null) headers.set('cookie', cookies.header)
    const answer = await send(input instanceof Request ? input.url : input, { ...given, headers })
    cookies.update(answer.headers)
    return answer
  }

  const url = `${origin}/trpc`
  // Reads are sent as POST: a long input doesn't fit into a URL, and search texts stay out of access logs.
  const http = { url, fetch: fetchAsClient, methodOverride: 'POST' } as const
  return [
    splitLink({
      condition: (op) => op.type === 'subscription',
      true: httpSubscriptionLink({ url, EventSource, eventSourceOptions: { fetch: fetchAsClient } }),
      false: splitLink({
        condition: (op) => isUnbatched(op.path),
        true: httpLink(http),
        false: httpBatchLink({ ...http, maxItems: MAX_BATCH }),
      }),
    }),
  ]
}
