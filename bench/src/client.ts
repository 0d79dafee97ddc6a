/** A signed-in client of the API. */
export interface RosterClient {
  address: string
  headers: Record<string, string>
  /** Returns the address of a query with its input. */
  query: (procedure: string, input?: unknown) => string
  /** Calls a query and returns its data. @throws unless it succeeds */
  read: <T>(procedure: string, input?: unknown) => Promise<T>
  /** Calls a mutation and returns its data. @throws unless it succeeds */
  mutate: <T>(procedure: string, input: unknown) => Promise<T>
}

/** Creates a client with a session's cookie. */
export function createClient(address: string, cookieName: string, token: string): RosterClient {
  const headers = { cookie: `${cookieName}=${token}`, origin: address }
  const query = (procedure: string, input?: unknown) =>
    `${address}/trpc/${procedure}${input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`}`
  async function data<T>(response: Response): Promise<T> {
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
    return ((await response.json()) as { result: { data: T } }).result.data
  }
  return {
    address,
    headers,
    query,
    read: async (procedure, input) => data(await fetch(query(procedure, input), { headers })),
    mutate: async (procedure, input) =>
      data(
        await fetch(`${address}/trpc/${procedure}`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(input),
        }),
      ),
  }
}
