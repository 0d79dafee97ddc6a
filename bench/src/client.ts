import type { Names, Page, Procedure } from './names.ts'

/** A signed-in client of one version's API. Procedures, inputs and pages have their names of today. */
export interface RosterClient {
  address: string
  headers: Record<string, string>
  /** Returns the address of a query with its input. */
  query: (procedure: Procedure, input?: object) => string
  /** Returns the address of a page. */
  page: (page: Page) => string
  /** Sends a mutation and returns the response, whatever its status. `headers` replace the client's. */
  send: (procedure: Procedure, input: object, headers?: Record<string, string>) => Promise<Response>
  /** Sends a mutation and returns its data. @throws unless it succeeds */
  mutate: <T>(procedure: Procedure, input: object) => Promise<T>
  /** Returns the headers of another session. */
  headersOf: (token: string) => Record<string, string>
}

/** Creates a client with a session's cookie, for a version with the given names. */
export function createClient(address: string, cookieName: string, token: string, names: Names): RosterClient {
  const headersOf = (of: string) => ({ cookie: `${cookieName}=${of}`, origin: address })
  const headers = headersOf(token)
  const send: RosterClient['send'] = (procedure, input, others = headers) =>
    fetch(`${address}/trpc/${names.procedure(procedure)}`, {
      method: 'POST',
      headers: { ...others, 'content-type': 'application/json' },
      body: JSON.stringify(names.input(procedure, input)),
    })
  return {
    address,
    headers,
    headersOf,
    query(procedure, input) {
      const search = input && `?input=${encodeURIComponent(JSON.stringify(names.input(procedure, input)))}`
      return `${address}/trpc/${names.procedure(procedure)}${search ?? ''}`
    },
    page: (page) => `${address}${names.page(page)}`,
    send,
    async mutate<T>(procedure: Procedure, input: object): Promise<T> {
      const response = await send(procedure, input)
      if (!response.ok) throw new Error(`${procedure} answered ${response.status}: ${await response.text()}`)
      return ((await response.json()) as { result: { data: T } }).result.data
    },
  }
}
