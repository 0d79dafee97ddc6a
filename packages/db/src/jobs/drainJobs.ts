import type pg from 'pg'
import { PgBoss } from 'pg-boss'
import { createQueues } from './createQueues.ts'
import { JOBS, type JobDefinition, type JobName } from './definitions.ts'
import type { JobHandler } from './jobRunner.ts'
import { NO_TIMERS, QUEUE_OPTIONS, queueDatabase } from './queue.ts'

/**
 * For tests: runs jobs in this process, without a runner, until none is due. Returns the names of those that ran, in
 * order.
 * @throws AggregateError with the errors of jobs that failed; they stay in the queue, to be repeated later
 */
export async function drainJobs<Name extends string = JobName>(
  pool: pg.Pool,
  handlers: Record<Name, JobHandler>,
  definitions: Record<Name, JobDefinition> = JOBS as never,
): Promise<Name[]> {
  const boss = await openQueues(pool, definitions)
  const ran: Name[] = []
  const errors: unknown[] = []
  const { signal } = new AbortController()
  for (let found = true; found; ) {
    found = false
    for (const name of Object.keys(definitions) as Name[]) {
      for (const job of await boss.fetch<object>(name)) {
        found = true
        ran.push(name)
        try {
          await handlers[name](job.data as never, signal)
          await boss.complete(name, job.id)
        } catch (error) {
          errors.push(error)
          await boss.fail(name, job.id, { message: String(error) })
        }
      }
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} jobs failed`)
  return ran
}

/** Creates the queues, so that jobs can be enqueued before any runner starts. */
export async function openQueues(pool: pg.Pool, definitions: Record<string, JobDefinition> = JOBS): Promise<PgBoss> {
  const boss = new PgBoss({
    ...QUEUE_OPTIONS,
    schedule: false,
    supervise: false,
    clock: NO_TIMERS,
    db: queueDatabase(pool),
  })
  await boss.start()
  await createQueues(boss, definitions)
  return boss
}
