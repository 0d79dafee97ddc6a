/** A signed-in caller of the API under measurement. */
export interface RosterCaller {
  address: string
  headers: Record<string, string>
  /** The address of a query with its input. */
  query: (procedure: string, input?: unknown) => string
  /** Call a query and give its data. */
  read: <T>(procedure: string, input?: unknown) => Promise<T>
  /** Call a mutation and give its data. */
  change: <T>(procedure: string, input: unknown) => Promise<T>
}

/** A caller with a session's cookie. */
export function clientOf(address: string, cookieName: string, token: string): RosterCaller {
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
    change: async (procedure, input) =>
      data(
        await fetch(`${address}/trpc/${procedure}`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(input),
        }),
      ),
  }
}
