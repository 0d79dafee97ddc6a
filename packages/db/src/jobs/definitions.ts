import * as z from 'zod'

/** How a job is run. */
export interface JobDefinition {
  /** What a job carries. Ids only: no secret and no personal text, since rows of the queue are kept for a while. */
  data: z.ZodObject
  /** A cron expression in UTC. Such a job has no data, and at most one of it is queued or running on all nodes. */
  schedule?: string
  /** The key of a job. At most one job of a key runs, and at most one more waits; others are not enqueued. */
  keyOf?: (data: never) => string
  /** How long a run may take. A longer one is aborted and counts as failed. Seconds. */
  expireInSeconds: number
}

const NOTHING = z.strictObject({})

/**
 * The jobs: one row for each name. A job may run twice, on two nodes, when a node dies or loses its connection. So each
 * handler must leave the same result when it runs again.
 */
export const JOBS = {
  'member.expire': { data: NOTHING, schedule: '* * * * *', expireInSeconds: 300 },
  'refusal.record': { data: NOTHING, schedule: '* * * * *', expireInSeconds: 300 },
  'outbox.purge': { data: NOTHING, schedule: '*/10 * * * *', expireInSeconds: 300 },
  'rateLimit.purge': { data: NOTHING, schedule: '*/10 * * * *', expireInSeconds: 300 },
  'credential.purge': { data: NOTHING, schedule: '17 * * * *', expireInSeconds: 900 },
  'import.purge': { data: NOTHING, schedule: '37 * * * *', expireInSeconds: 900 },
  'audit.createPartitions': { data: NOTHING, schedule: '7 0 * * *', expireInSeconds: 300 },
} as const satisfies Record<string, JobDefinition>

export type JobName = keyof typeof JOBS
export type JobData<N extends JobName> = z.output<(typeof JOBS)[N]['data']>

/** The names of all jobs. */
export const JOB_NAMES = Object.keys(JOBS) as JobName[]
