import type { Database } from '@roster/db'

/** Refused calls may write these tables: attempts and refusals are counted. */
const IGNORED_TABLES = ['rate_limit', 'refusal_count', '_prisma_migrations']

/** The statement that hashes every table, built once per database. */
const statements = new WeakMap<object, Promise<string>>()

/**
 * A hash of each table. Two fingerprints are equal when no row changed in between. Ignores the columns that any use of
 * a session updates: when the user was last seen, and the idle expiry.
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
    [IGNORED_TABLES],
  )
  const hash = (columns: string) => `count(*) || ':' || coalesce(sum(hashtextextended(ROW(${columns})::text, 0)), 0)`
  return rows
    .map(({ name, columns }) => `SELECT '${name}' AS "name", ${hash(columns)} AS "hash" FROM "${name}" t`)
    .join(' UNION ALL ')
}
