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
