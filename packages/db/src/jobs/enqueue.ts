import type { Transaction } from '../client/transaction.ts'
import { JOBS, type JobData, type JobDefinition, type JobName } from './definitions.ts'

/**
 * Enqueues a job in a transaction: it exists if and only if the transaction commits. Its outbox event wakes the nodes, so
 * it starts once the outbox is read: at once when the committing node wakes it, else within a quarter of a second.
 * Returns false when a job of the same key was waiting already.
 */
export function enqueue<N extends JobName>(
  tx: Transaction,
  name: N,
  data: JobData<N>,
  options: { startAfter?: Date } = {},
): Promise<boolean> {
  return enqueueAs(tx, name, JOBS[name], data, options)
}

/**
 * As `enqueue`, by a definition. pg-boss allows jobs by SQL, and its own statement can't run in a transaction of Prisma:
 * it reads a type that Prisma doesn't know.
 */
export async function enqueueAs(
  tx: Transaction,
  name: string,
  { data: schema, keyOf }: JobDefinition,
  data: object,
  { startAfter }: { startAfter?: Date } = {},
): Promise<boolean> {
  const parsed = schema.parse(data)
  const key = keyOf?.(parsed as never) ?? null
  const enqueued = await tx.$executeRaw`
    WITH job AS (
      INSERT INTO pgboss.job ("name", "data", "singleton_key", "start_after", "keep_until", "policy", "dead_letter", "expire_seconds", "heartbeat_seconds",
        "deletion_seconds", "retry_limit", "retry_delay", "retry_backoff", "retry_delay_max")
      SELECT q."name", ${JSON.stringify(parsed)}::jsonb, ${key}, s."at", s."at" + make_interval(secs => q."retention_seconds"), q."policy", q."dead_letter",
        q."expire_seconds", q."heartbeat_seconds", q."deletion_seconds", q."retry_limit", q."retry_delay", q."retry_backoff", q."retry_delay_max"
      FROM pgboss.queue q, (SELECT COALESCE(${startAfter?.toISOString() ?? null}::timestamptz, now()) AS "at") s WHERE q."name" = ${name}
      ON CONFLICT DO NOTHING RETURNING "name")
    INSERT INTO "outbox_event" ("capability", "job") SELECT 'job', "name" FROM job`
  if (enqueued > 0) return true
  const queues = await tx.$queryRaw<unknown[]>`SELECT 1 AS "found" FROM pgboss.queue WHERE "name" = ${name}`
  if (queues.length === 0) throw new Error(`there is no queue of the name ${name}`)
  return false
}
