import { type Database, migrationsApplied } from '@roster/db'

/** An answer later than this counts as none. Milliseconds. */
const TIMEOUT_MS = 1_000

/** Asks whether this node can do its work: the database answers within a second, and has this version's tables. */
export function readiness({ pool }: Pick<Database, 'pool'>): () => Promise<string | null> {
  let migrated = false
  const ask = async (): Promise<string | null> => {
    if (migrated) await pool.query('SELECT 1')
    // Once applied, migrations stay.
    else migrated = await migrationsApplied(pool)
    return migrated ? null : 'The database has not been migrated to this version.'
  }
  return async () => {
    const late = Promise.withResolvers<string>()
    const timer = setTimeout(() => late.resolve('The database does not answer.'), TIMEOUT_MS)
    try {
      return await Promise.race([ask().catch(() => 'The database can’t be reached.'), late.promise])
    } finally {
      clearTimeout(timer)
    }
  }
}
