import { createAuditPartitions, type Database, inTransaction, purgeExpired, purgeImports, purgeRateLimits, settleRefusals } from '@roster/db'
import type { FastifyBaseLogger } from 'fastify'
import { expireMemberships } from './member/expireMemberships.ts'

const MINUTE = 60_000

/** What has to be done again and again; every node does all of it, and it does no harm when several do. */
export interface Housekeeping {
  /** Ends it, once what is running is done. */
  stop: () => Promise<void>
}

/** Begin to write down memberships that ended by themselves, to move counted refusals to the audit log, to drop what nobody needs any more, and to make the audit log's next partitions. */
export function startHousekeeping({ db, directUrl, log }: { db: Database; directUrl: string; log: FastifyBaseLogger }): Housekeeping {
  const running = new Set<Promise<void>>()
  const every = (interval: number, what: string, work: () => Promise<unknown>): NodeJS.Timeout =>
    setInterval(() => {
      const run = work()
        .then(
          () => undefined,
          (error: unknown) => log.error({ err: error, what }, 'housekeeping failed and will be tried again'),
        )
        .finally(() => running.delete(run))
      running.add(run)
    }, interval).unref()
  const timers = [
    every(MINUTE / 2, 'refusals', () => settleAll(db)),
    every(MINUTE / 4, 'memberships', () => expireMemberships(db)),
    every(10 * MINUTE, 'rate_limit', () => inTransaction(db.prisma, purgeRateLimits)),
    every(60 * MINUTE, 'outlived', () => purgeExpired(db.pool)),
    every(60 * MINUTE, 'imports', () => inTransaction(db.prisma, purgeImports)),
    every(24 * 60 * MINUTE, 'partitions', () => createAuditPartitions(directUrl)),
  ]
  return {
    stop: async () => {
      for (const timer of timers) clearInterval(timer)
      await Promise.all(running)
    },
  }
}

/** They are moved some hundred at a time; after an attack there are many. */
async function settleAll({ prisma }: Database): Promise<void> {
  while ((await inTransaction(prisma, settleRefusals)) > 0);
}
