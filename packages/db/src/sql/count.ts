import { COUNT_MAX, type Count } from '@roster/domain'
import type pg from 'pg'
import { Prisma } from '../generated/client.ts'
import { toQuery } from '../user/userList.ts'

/** Counts the rows of a FROM with its WHERE: exact up to 10,000. `prepare`: see `toQuery`. */
export async function countUpTo(pool: pg.Pool, from: Prisma.Sql, prepare: boolean): Promise<Count> {
  const statement = Prisma.sql`SELECT count(*)::int AS "count" FROM (SELECT 1 ${from} LIMIT ${COUNT_MAX + 1}) c`
  const { rows } = await pool.query<{ count: number }>(toQuery(statement, prepare))
  const count = rows[0]?.count ?? 0
  return { count: Math.min(count, COUNT_MAX), more: count > COUNT_MAX }
}
