import type { RecordedAction } from '@roster/domain'
import {
  type AuditActor,
  type AuditEntry,
  type MemberEvents,
  recordChange,
  recordMemberEvents,
} from '../audit/audit.ts'
import type { Database } from '../client/client.ts'
import { inTransaction, type Transaction } from '../client/transaction.ts'
import type { JobData, JobName } from '../jobs/definitions.ts'
import { enqueue } from '../jobs/enqueue.ts'

/** Where changes are written. `hub` delivers their outbox events; a command has none, and the servers read them. */
export interface Writer {
  db: Pick<Database, 'prisma'>
  hub?: { wake: () => void }
}

/** One unit of work. */
export interface Unit {
  tx: Transaction
  /** Records completed actions. Their audit and outbox events are written at the end of the same transaction. */
  record: (by: AuditActor, action: RecordedAction, ...entries: AuditEntry[]) => void
  /** Records that users were added to or removed from a workspace, for each user's page. The workspace has an entry. */
  recordMembers: (by: AuditActor, action: 'member.added' | 'member.removed', events: MemberEvents) => void
  /** Enqueues a job, as `enqueue`. It starts right after the commit. */
  enqueue: <N extends JobName>(name: N, data: JobData<N>, options?: { startAfter?: Date }) => Promise<boolean>
  /** Whether the unit recorded anything yet. */
  readonly changed: boolean
}

export interface UnitOptions {
  /** Units of one key, such as a user id, wait for each other when the node is busy; the queue is fair between keys. */
  key?: string
  /** The unit touches very many rows, and may take two minutes in statements of 20 s at most. */
  isLarge?: boolean
}

/**
 * Writes a change: one transaction with retries, the audit and outbox events of what it records, its jobs, and then the
 * delivery to open consoles and workers. Nothing else records, and nothing else delivers. The body may run several times, so it must have no
 * effect outside of the transaction.
 * @throws BUSY when it waits too long or every retry fails; OUTCOME_UNKNOWN when the connection is lost during the
 * commit
 */
export async function commit<T>(
  { db, hub }: Writer,
  { key = '', isLarge = false }: UnitOptions,
  body: (unit: Unit) => Promise<T>,
): Promise<T> {
  const write = async (tx: Transaction): Promise<{ result: T; published: boolean }> => {
    const events: (() => Promise<void>)[] = []
    let enqueued = false
    const result = await body({
      tx,
      record: (by, action, ...entries) => {
        if (entries.length > 0) events.push(() => recordChange(tx, by, action, entries))
      },
      recordMembers: (by, action, members) => {
        if (members.userIds.length > 0) events.push(() => recordMemberEvents(tx, by, action, members))
      },
      enqueue: async (name, data, options) => {
        const added = await enqueue(tx, name, data, options)
        enqueued ||= added
        return added
      },
      get changed() {
        return events.length > 0
      },
    })
    for (const write of events) await write()
    return { result, published: enqueued || events.length > 0 }
  }
  const { result, published } = await inTransaction(db.prisma, write, key, { isLarge })
  if (published) hub?.wake()
  return result
}
