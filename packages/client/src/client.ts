import type { AppRouter } from '@roster/api/router'
import { changeStreams, needsFactor, PROCEDURES } from '@roster/domain'
import { createTRPCClient } from '@trpc/client'
import type { RosterApi } from './api.ts'
import { Cookies } from './cookies.ts'
import { type Change, follow } from './follow.ts'
import { type Fetch, links } from './links.ts'

/** How to reach a server. */
export interface RosterClientOptions {
  /** The console's address, such as `https://roster.example.com`. */
  url: string
  /**
   * The `cookie` header of a session: the `cookie` of an earlier client, or that of a request. A browser sends its own
   * instead.
   */
  cookie?: string
  /** Replaces the runtime's `fetch`, for a timeout, a proxy or a log. */
  fetch?: Fetch
}

/** A typed client: the procedures of each capability, and what a session needs. */
export interface RosterClient extends RosterApi {
  /** The session's secret, for `createRosterClient({ cookie })`. Null before the sign-in, and always in a browser. */
  readonly cookie: string | null
  /**
   * Signs in and returns a client with the session, which also keeps the new session after a password change. This
   * client stays unchanged. A user with a second factor passes a `code` too: from an authenticator app, or a recovery
   * code.
   * @throws INVALID_CREDENTIALS, TOO_MANY_ATTEMPTS and the other refusals of `session.signIn`
   */
  signIn(credentials: { username: string; password: string; code?: string }): Promise<RosterClient>
  /** Yields changes as they happen, to read with `for await`. It reconnects automatically and ends with the session. */
  follow(options?: { signal?: AbortSignal }): AsyncGenerator<Change, void, undefined>
}

const CAPABILITIES = new Set(Object.keys(PROCEDURES).map((procedure) => procedure.split('.')[0] as keyof RosterApi))

/** Creates a client of a Roster server. It sends no request yet. */
export function createRosterClient(options: RosterClientOptions): RosterClient {
  const cookies = new Cookies(options.cookie)
  const calls = createTRPCClient<AppRouter>({
    links: links(new URL(options.url).origin, cookies, options.fetch ?? globalThis.fetch),
  }) satisfies RosterApi
  const api = Object.fromEntries(
    [...CAPABILITIES].map((capability) => [capability, calls[capability]]),
  ) as unknown as RosterApi
  return {
    ...api,
    get cookie() {
      return cookies.header
    },
    async signIn(credentials) {
      // Without this client's cookies: the server would end their session, since a sign-in replaces it.
      const client = createRosterClient({ ...options, cookie: '' })
      const { code, ...password } = credentials
      const answer = await client.session.signIn.mutate(password)
      if (!needsFactor(answer)) return client
      if (code === undefined)
        throw new Error(
          'This user has a second factor. Sign in with a `code` from an authenticator app, or a recovery code.',
        )
      await client.session.confirmFactor.mutate({ kind: 'code', code })
      return client
    },
    follow: ({ signal } = {}) =>
      follow({
        open: changeStreams((input, callbacks) => calls.changes.subscribe.subscribe(input, callbacks)),
        authenticate: () => api.session.me.query(undefined, { signal }),
        signal,
      }),
  }
}
