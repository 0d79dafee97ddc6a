import {
  createAuditPartitions,
  type Database,
  flushRefusals,
  type JobHandlers,
  purgeExpiredCredentials,
  purgeImports,
  purgeOutbox,
  purgeRateLimits,
  system,
} from '@roster/db'
import { expireMemberships } from '../member/expireMemberships.ts'

export interface JobServices {
  db: Database
  hub: { wake: () => void }
  /** A connection without a pooler, by the owner of the tables. */
  directUrl: string
}

/** What each job does. */
export function jobHandlers({ db, hub, directUrl }: JobServices): JobHandlers {
  return {
    'member.expire': () => expireMemberships({ db, hub }),
    // One transaction moves a few hundred rows, and an attack leaves many more.
    'refusal.record': async (_, signal) => {
      while (!signal.aborted && (await flushRefusals(db.prisma)) > 0);
    },
    'outbox.purge': () => purgeOutbox(db.pool),
    'rateLimit.purge': () => system(db, purgeRateLimits),
    'credential.purge': () => purgeExpiredCredentials(db.pool),
    'import.purge': () => system(db, purgeImports),
    'audit.createPartitions': () => createAuditPartitions(directUrl),
  }
}
