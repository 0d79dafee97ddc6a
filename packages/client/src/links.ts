import type { AppRouter } from '@roster/api/router'
import { isUnbatched } from '@roster/domain'
import { httpBatchLink, httpLink, httpSubscriptionLink, splitLink, type TRPCLink } from '@trpc/client'
import { EventSource } from 'eventsource'
import type { Cookies } from './cookies.ts'

/** A `fetch`: the runtime's own, or what an app puts in its place. */
export type Fetch = (input: string | URL, init: RequestInit) => Promise<Response>

/** What the server takes in one batch. */
const MAX_BATCH = 10

/** How calls reach the server at `origin`: known by their cookies, and naming where they come from, which it asks of every POST. */
export function links(origin: string, cookies: Cookies, send: Fetch): TRPCLink<AppRouter>[] {
  async function fetchAsClient(input: Request | string | URL, init: object = {}): Promise<Response> {
    const given: RequestInit = init
    const headers = new Headers(given.headers)
    headers.set('origin', origin)
    if (cookies.header !== null) headers.set('cookie', cookies.header)
    const answer = await send(input instanceof Request ? input.url : input, { ...given, headers })
    cookies.keep(answer.headers)
    return answer
  }

  const url = `${origin}/trpc`
  // As POST, reads may ask for more than fits into an address, and whom they search for stays out of access logs.
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
