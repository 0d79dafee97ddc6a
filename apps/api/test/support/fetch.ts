import type { FastifyInstance } from 'fastify'

/** The supported part of RequestInit. */
interface FetchOptions {
  method?: string | undefined
  headers?: RequestInit['headers'] | undefined
  body?: unknown
}

/** A `fetch` that injects its requests into a server, with the headers of a browser on the server's own page. */
export function injectedFetch(
  app: FastifyInstance,
  cookie?: () => Promise<string>,
): (input: URL | Request | string, init?: FetchOptions) => Promise<Response> {
  return async (input, { method, headers, body } = {}) => {
    const { pathname, search, origin, host } = new URL(input instanceof Request ? input.url : input)
    const answer = await app.inject({
      method: method === 'POST' ? 'POST' : 'GET',
      url: pathname + search,
      headers: {
        ...Object.fromEntries(new Headers(headers)),
        host,
        origin,
        ...(cookie ? { cookie: await cookie() } : {}),
      },
      ...(typeof body === 'string' ? { payload: body } : {}),
    })
    return new Response(answer.body, {
      status: answer.statusCode,
      headers: { 'content-type': String(answer.headers['content-type']) },
    })
  }
}
