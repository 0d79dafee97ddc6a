import pg from 'pg'

/** Lends a connection of its own, outside any pool, for the duration of `use`. */
export async function withClient<T>(connectionString: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000, application_name: 'roster' })
  // A connection that breaks while it is idle would otherwise end the process; a query in flight gets the error itself.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await use(client)
  } finally {
    await client.end()
  }
}

/** The address of another database on the same server, for the same user. */
export function databaseUrl(url: string, database: string): string {
  const parsed = new URL(url)
  parsed.pathname = `/${database}`
  return parsed.href
}

/** The user that an address names. */
export function userOf(url: string): string {
  return decodeURIComponent(new URL(url).username)
}
