import type { Clock, ConstructorOptions, Db, Queue } from 'pg-boss'
import type { JobDefinition } from './definitions.ts'

/** The schema of the queue's tables. Migrations create it; no backup has it. */
export const QUEUE_SCHEMA = 'pgboss'

/** Jobs that failed for good wait here for the operator, for two weeks. No worker runs them. */
export const DEAD_LETTER = 'dead-letter'

/** A node that runs a job reports that it lives at least this often, or another node runs the job again. Seconds. */
export const HEARTBEAT_SECONDS = 20

/**
 * Options of every pg-boss: it never creates, alters or rebuilds a table, so a role without these rights is enough. It
 * keeps no statistics and no register of nodes.
 */
export const QUEUE_OPTIONS = {
  schema: QUEUE_SCHEMA,
  migrate: false,
  createSchema: false,
  reindex: false,
  monitorVacuum: false,
  registerInstance: false,
  openTelemetry: { enabled: false },
} as const satisfies ConstructorOptions

/** For a pg-boss that only sends statements: its timers never run. */
export const NO_TIMERS: Clock = {
  now: () => Date.now(),
  setTimeout: () => undefined,
  clearTimeout: () => undefined,
  setInterval: () => undefined,
  clearInterval: () => undefined,
}

/** The queue of a job. A new schedule comes soon, so a scheduled job is repeated less and has no dead letter. */
export function queueOf({
  schedule,
  keyOf,
  expireInSeconds,
}: JobDefinition): Required<Pick<Queue, 'policy'>> & Omit<Queue, 'name' | 'policy'> {
  const common = { expireInSeconds, heartbeatSeconds: HEARTBEAT_SECONDS, retryBackoff: true }
  return schedule === undefined
    ? {
        ...common,
        policy: keyOf ? 'stately' : 'standard',
        retryLimit: 8,
        retryDelay: 2,
        retryDelayMax: 900,
        deadLetter: DEAD_LETTER,
        deleteAfterSeconds: 86_400,
      }
    : { ...common, policy: 'exclusive', retryLimit: 2, retryDelay: 1, retryDelayMax: 30, deleteAfterSeconds: 3_600 }
}

/** Lets pg-boss send its statements through a pool. */
export function queueDatabase(pool: { query: (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }> }): Db {
  return { executeSql: (text, values) => pool.query(text, values) }
}
