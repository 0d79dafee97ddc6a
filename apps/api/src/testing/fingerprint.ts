import type { Database } from '@roster/db'

/** How often a caller tried, and what was refused, is counted whatever becomes of a call. */
const COUNTED = ['throttle', 'refusal_count', '_prisma_migrations']

/** What the database holds, as a hash of each table: two are equal when nothing was changed in between. When somebody was last seen does not count. */
export async function fingerprint({ pool }: Pick<Database, 'pool'>): Promise<Record<string, string>> {
  const tables = await pool.query<{ name: string }>(
    `SELECT c.relname AS "name" FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> ALL($1) ORDER BY 1`,
    [COUNTED],
  )
  const hash = (name: string) => `SELECT '${name}' AS "name", md5(coalesce(string_agg(r, E'\\n' ORDER BY r), '')) AS "hash"
    FROM (SELECT (to_jsonb(t) - 'lastSeenAt')::text AS r FROM "${name}" t) x`
  const { rows } = await pool.query<{ name: string; hash: string }>(tables.rows.map(({ name }) => hash(name)).join(' UNION ALL '))
  return Object.fromEntries(rows.map((row) => [row.name, row.hash]))
}
