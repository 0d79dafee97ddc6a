import pg from 'pg'

/** Opens a connection outside any pool for the duration of `use`. */
export async function withClient<T>(connectionString: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: inUtc(connectionString),
    connectionTimeoutMillis: 10_000,
    application_name: 'roster',
  })
  // Without a listener a connection that breaks while idle would end the process. A running query rejects by itself.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await use(client)
  } finally {
    await client.end()
  }
}

/**
 * The URL with a startup option that sets the time zone of its connections to UTC, whatever the server, the database or
 * the role says. Prisma writes and reads timestamps without their offset, so they are right only in UTC.
 */
export function inUtc(url: string): string {
  const parsed = new URL(url)
  const options = parsed.searchParams.get('options')
  // Of two values for a setting, the last one counts.
  parsed.searchParams.set('options', `${options === null ? '' : `${options} `}-c timezone=UTC`)
  return parsed.href
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

/** The time zone of a connection through a pooler; undefined when it is UTC, by any of its usual names. */
export async function otherTimeZone(client: Pick<pg.Pool, 'query'>): Promise<string | undefined> {
  const { rows } = await client.query<{ TimeZone: string }>('SHOW timezone')
  const zone = rows[0]?.TimeZone ?? ''
  return /^(?:Etc\/)?(?:UTC|UCT|GMT|Zulu|Universal)$/iu.test(zone) ? undefined : zone
}
