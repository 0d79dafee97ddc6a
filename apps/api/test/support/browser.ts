import type { Refusal } from '@roster/domain'
import type { TestInstance } from './instance.ts'

/** A response as a browser received it. */
export interface BrowserResponse {
  status: number
  /** Undefined when the call succeeded. */
  refusal: Refusal | undefined
  body: string
  headers: Readonly<Record<string, unknown>>
  cookies: readonly {
    name: string
    value: string
    httpOnly?: boolean
    secure?: boolean
    sameSite?: string
    path?: string
    domain?: string
    maxAge?: number
  }[]
}

/** A browser with a cookie jar. */
export interface Browser {
  call: (procedure: string, input?: unknown, method?: 'GET' | 'POST') => Promise<BrowserResponse>
  signIn: (username: string, password: string) => Promise<BrowserResponse>
  cookies: Map<string, string>
}

/** A browser that calls a node from an address; `cookie` is the header of a cookie it already holds. */
export function browserAt({ app, services }: TestInstance, address: string, cookie?: string): Browser {
  const origin = services.publicUrl ?? 'http://localhost'
  const cookies = new Map<string, string>()
  if (cookie !== undefined) cookies.set(...(cookie.split('=', 2) as [string, string]))
  const call: Browser['call'] = async (procedure, input, method = 'POST') => {
    const answer = await app.inject({
      method,
      url: `/trpc/${procedure}`,
      remoteAddress: address,
      headers: {
        host: new URL(origin).host,
        origin,
        'content-type': 'application/json',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      ...(method === 'POST' ? { payload: JSON.stringify(input ?? {}) } : {}),
    })
    for (const { name, value, maxAge } of answer.cookies) {
      if (maxAge === 0) cookies.delete(name)
      else cookies.set(name, value)
    }
    const parsed = answer.body.startsWith('{')
      ? (JSON.parse(answer.body) as { error?: { data?: { refusal?: Refusal } } })
      : {}
    return {
      status: answer.statusCode,
      refusal: parsed.error?.data?.refusal,
      body: answer.body,
      headers: answer.headers,
      cookies: answer.cookies as BrowserResponse['cookies'],
    }
  }
  return { call, cookies, signIn: (username, password) => call('session.signIn', { username, password }) }
}
