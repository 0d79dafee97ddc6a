import {
  createAuditPartitions,
  type Database,
  flushRefusals,
  purgeExpiredCredentials,
  purgeImports,
  purgeRateLimits,
  system,
} from '@roster/db'
import type { FastifyBaseLogger } from 'fastify'
import { expireMemberships } from '../member/expireMemberships.ts'

const MINUTE = 60_000

/** The periodic tasks of a node. Every node runs all of them, so each task must be safe to run concurrently. */
export interface Housekeeping {
  /** Stops the timers and waits for running tasks. */
  stop: () => Promise<void>
}

/**
 * Starts the tasks: expire memberships, flush counted refusals to the audit log, purge expired rows, create audit
 * partitions.
 */
export function startHousekeeping({
  db,
  directUrl,
  log,
}: {
  db: Database
  directUrl: string
  log: FastifyBaseLogger
}): Housekeeping {
  const running = new Set<Promise<void>>()
  const every = (interval: number, task: string, perform: () => Promise<unknown>): NodeJS.Timeout =>
    setInterval(() => {
      const run = perform()
        .then(
          () => undefined,
          (error: unknown) => log.error({ err: error, task }, 'a housekeeping task failed and will be repeated'),
        )
        .finally(() => running.delete(run))
      running.add(run)
    }, interval).unref()
  const timers = [
    every(MINUTE / 2, 'refusals', () => flushAllRefusals(db)),
    every(MINUTE / 4, 'memberships', () => expireMemberships({ db })),
    every(10 * MINUTE, 'rate limits', () => system(db, purgeRateLimits)),
    every(60 * MINUTE, 'expired credentials', () => purgeExpiredCredentials(db.pool)),
    every(60 * MINUTE, 'imports', () => system(db, purgeImports)),
    every(24 * 60 * MINUTE, 'partitions', () => createAuditPartitions(directUrl)),
  ]
  return {
    stop: async () => {
      for (const timer of timers) clearInterval(timer)
      await Promise.all(running)
    },
  }
}

/** One transaction flushes a few hundred rows, and an attack leaves many more. */
async function flushAllRefusals({ prisma }: Database): Promise<void> {
  while ((await flushRefusals(prisma)) > 0);
}
