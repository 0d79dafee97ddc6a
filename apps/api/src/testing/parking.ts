import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '@roster/db'
import { onTestFinished } from 'vitest'

/**
 * Keep every change from being recorded, so that whatever changes something waits at its end, holding what it has locked. Gives how to let them go on;
 * the test's end does it, too.
 */
export function parkChanges(db: Database): Promise<() => Promise<void>> {
  return park(db, 'LOCK TABLE "audit_event" IN SHARE MODE')
}

/** Hold some rows or tables from outside, by a statement that locks them. Gives how to let go. */
export async function park(db: Database, statement: string, values: readonly unknown[] = []): Promise<() => Promise<void>> {
  const client = await db.pool.connect()
  let letGo: Promise<void> | undefined
  const release = () =>
    (letGo ??= client.query('ROLLBACK').then(
      () => client.release(),
      (error: Error) => client.release(error),
    ))
  onTestFinished(release)
  await client.query('BEGIN')
  await client.query(statement, [...values])
  return release
}

/** Wait until exactly so many connections of the database wait for a lock. */
export async function untilWaiting(db: Database, count: number): Promise<void> {
  for (let attempts = 0; attempts < 1_000; attempts++) {
    const { rows } = await db.pool.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    if (rows[0]?.n === count) return
    await sleep(5)
  }
  throw new Error(`${count} calls did not come to wait`)
}
