import type { AppRouter } from '@roster/api/router'
import { needsFactor, PROCEDURE_ACTION, PUBLIC_PROCEDURES } from '@roster/domain'
import { createTRPCClient } from '@trpc/client'
import type { RosterApi } from './api.ts'
import { Cookies } from './cookies.ts'
import { type Change, follow } from './follow.ts'
import { type Fetch, links } from './links.ts'

/** How to reach a server. */
export interface RosterClientOptions {
  /** The address people open, such as `https://roster.example.com`. */
  url: string
  /** The `cookie` header to be known by: what `cookie` of an earlier client was, or a request's own. A browser sends its own instead. */
  cookie?: string
  /** Replaces the runtime's `fetch`, to set a timeout, go through a proxy, or keep a log. */
  fetch?: Fetch
}

/** A typed client: a member for each capability, each with its procedures, and what a session needs. */
export interface RosterClient extends RosterApi {
  /** What this client is known by: a secret, to be kept for `createRosterClient({ cookie })`. Null before signing in, and always in a browser. */
  readonly cookie: string | null
  /**
   * Sign in: the client that comes back carries the session, and goes on with the new one when it changes the password. This one stays as it is.
   * Whoever has a second factor gives a `code` of it, too: an authenticator app's, or a recovery code.
   */
  signIn(credentials: { username: string; password: string; code?: string }): Promise<RosterClient>
  /** What changes, as it happens, to be read with `for await`. It reconnects by itself, and is over when the session is. */
  follow(options?: { signal?: AbortSignal }): AsyncGenerator<Change, void, undefined>
}

const PROCEDURES = [...PUBLIC_PROCEDURES, ...Object.keys(PROCEDURE_ACTION)]
const CAPABILITIES = new Set(PROCEDURES.map((procedure) => procedure.split('.')[0] as keyof RosterApi))

/** Make a client of a Roster server. Nothing is called yet. */
export function createRosterClient(options: RosterClientOptions): RosterClient {
  const cookies = new Cookies(options.cookie)
  const calls = createTRPCClient<AppRouter>({ links: links(new URL(options.url).origin, cookies, options.fetch ?? globalThis.fetch) }) satisfies RosterApi
  const api = Object.fromEntries([...CAPABILITIES].map((capability) => [capability, calls[capability]])) as unknown as RosterApi
  return {
    ...api,
    get cookie() {
      return cookies.header
    },
    async signIn(credentials) {
      // Without our cookies: the server ends the session that somebody signs in over.
      const client = createRosterClient({ ...options, cookie: '' })
      const { code, ...password } = credentials
      const answer = await client.session.signIn.mutate(password)
      if (!needsFactor(answer)) return client
      if (code === undefined) throw new Error('A second factor is asked for: sign in with a `code`, from an authenticator app or a recovery code.')
      await client.session.confirmFactor.mutate({ kind: 'code', code })
      return client
    },
    follow: ({ signal } = {}) => follow(api, signal),
  }
}
