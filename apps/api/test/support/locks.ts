import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '@roster/db'
import { onTestFinished } from 'vitest'

/**
 * Blocks the audit log, so that every change waits at the end of its transaction with all its locks held. Returns the
 * function that unblocks them; the end of the test does so, too.
 */
export function blockChanges(db: Database): Promise<() => Promise<void>> {
  return holdLocks(db, 'LOCK TABLE "audit_event" IN SHARE MODE')
}

/**
 * Hold the locks of a statement in a transaction of its own. Returns the function that releases them; the end of the
 * test does so, too.
 */
export async function holdLocks(
  db: Database,
  statement: string,
  values: readonly unknown[] = [],
): Promise<() => Promise<void>> {
  const client = await db.pool.connect()
  let released: Promise<void> | undefined
  const release = () =>
    (released ??= client.query('ROLLBACK').then(
      () => client.release(),
      (error: Error) => client.release(error),
    ))
  onTestFinished(release)
  await client.query('BEGIN')
  await client.query(statement, [...values])
  return release
}

/** Waits until exactly `count` connections wait for a lock. */
export async function waitForBlocked(db: Database, count: number): Promise<void> {
  for (let attempts = 0; attempts < 1_000; attempts++) {
    const { rows } = await db.pool.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    if (rows[0]?.n === count) return
    await sleep(5)
  }
  throw new Error(`timed out waiting for ${count} blocked calls`)
}
