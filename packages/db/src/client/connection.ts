import pg from 'pg'

/** Opens a connection outside any pool for the duration of `use`. */
export async function withClient<T>(connectionString: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000, application_name: 'roster' })
  // Without a listener a connection that breaks while idle would end the process. A running query rejects by itself.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await use(client)
  } finally {
    await client.end()
  }
}

/** The URL of another database on the same server, for the same user. */
export function databaseUrl(url: string, database: string): string {
  const parsed = new URL(url)
  parsed.pathname = `/${database}`
  return parsed.href
}

/** The user in a URL. */
export function userOf(url: string): string {
  return decodeURIComponent(new URL(url).username)
}
