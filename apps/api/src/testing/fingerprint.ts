import type { Database } from '@roster/db'

/** How often a caller tried, and what was refused, is counted whatever becomes of a call. */
const COUNTED = ['rate_limit', 'refusal_count', '_prisma_migrations']

/** What reads every table of a database; put together once for each. */
const statements = new WeakMap<object, Promise<string>>()

/**
 * What the database holds, as a hash of each table: two are equal when nothing was changed in between. When somebody was last seen, and until when
 * their session lasts by that, does not count.
 */
export async function fingerprint({ pool }: Pick<Database, 'pool'>): Promise<Record<string, string>> {
  const known = statements.get(pool) ?? statementFor(pool)
  statements.set(pool, known)
  const { rows } = await pool.query<{ name: string; hash: string }>(await known)
  return Object.fromEntries(rows.map((row) => [row.name, row.hash]))
}

async function statementFor(pool: Database['pool']): Promise<string> {
  const { rows } = await pool.query<{ name: string; columns: string }>(
    `SELECT c.relname AS "name", string_agg('t.' || quote_ident(a.attname), ', ' ORDER BY a.attnum) AS "columns"
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       AND a.attname <> 'lastSeenAt' AND (c.relname, a.attname) <> ('session', 'expiresAt')
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> ALL($1) GROUP BY 1 ORDER BY 1`,
    [COUNTED],
  )
  const hash = (columns: string) => `count(*) || ':' || coalesce(sum(hashtextextended(ROW(${columns})::text, 0)), 0)`
  return rows.map(({ name, columns }) => `SELECT '${name}' AS "name", ${hash(columns)} AS "hash" FROM "${name}" t`).join(' UNION ALL ')
}
