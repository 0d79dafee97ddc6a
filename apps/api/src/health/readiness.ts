import { type Database, migrationsApplied } from '@roster/db'

/** A database that responds later than this counts as unreachable. Milliseconds. */
const TIMEOUT_MS = 1_000

/**
 * The reason why this node can't serve, or null: the database must respond in time and have this version's migrations.
 */
export function readiness({ pool }: Pick<Database, 'pool'>): () => Promise<string | null> {
  let migrated = false
  const check = async (): Promise<string | null> => {
    if (migrated) await pool.query('SELECT 1')
    // Applied migrations are never undone.
    else migrated = await migrationsApplied(pool)
    return migrated ? null : 'The database has not been migrated to this version.'
  }
  return async () => {
    const timeout = Promise.withResolvers<string>()
    const timer = setTimeout(() => timeout.resolve('The database does not respond.'), TIMEOUT_MS)
    try {
      return await Promise.race([check().catch(() => 'The database is unreachable.'), timeout.promise])
    } finally {
      clearTimeout(timer)
    }
  }
}
