import type pg from 'pg'
import { QUEUE_SCHEMA } from './queue.ts'

/** How many jobs of a name there are. */
export interface JobCount {
  name: string
  /** Waiting, later and repeated ones included. */
  queued: number
  running: number
  /** Failed for good and still kept. */
  failed: number
  /** How long the oldest due job has waited. Seconds; 0 without one. */
  oldest: number
}

/** Counts the jobs of each name, for metrics. Completed ones are left out. */
export async function countJobs(pool: pg.Pool): Promise<JobCount[]> {
  const { rows } = await pool.query<JobCount>({
    name: 'job-counts',
    // The states of an index that pg-boss keeps for such counts.
    text: `SELECT q."name", count(*) FILTER (WHERE j."state" IN ('created', 'retry'))::int AS "queued",
        count(*) FILTER (WHERE j."state" = 'active')::int AS "running", count(*) FILTER (WHERE j."state" = 'failed')::int AS "failed",
        COALESCE(GREATEST(0, EXTRACT(epoch FROM now() - min(j."start_after") FILTER (WHERE j."state" IN ('created', 'retry')))), 0)::float8 AS "oldest"
      FROM ${QUEUE_SCHEMA}."queue" q
      LEFT JOIN ${QUEUE_SCHEMA}."job" j ON j."name" = q."name" AND j."state" IN ('created', 'retry', 'active', 'failed')
      WHERE q."name" NOT LIKE '\\_\\_%' GROUP BY q."name" ORDER BY q."name"`,
  })
  return rows
}
