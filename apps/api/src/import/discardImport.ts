import { discardImport as discard, lockImport } from '@roster/db'
import { type ImportDiscarded, type onImport, refuse, visibleScope } from '@roster/domain'
import type * as z from 'zod'
import type { ChangeContext } from '../call/change.ts'

/**
 * Discards the rest of the actor's own import; created users stay.
 * @throws NOT_FOUND (import, also another actor's),
 * IMPORT_FINISHED
 */
export async function discardImport({
  tx,
  actor,
  input,
  record,
}: ChangeContext<z.output<typeof onImport>>): Promise<ImportDiscarded> {
  const pending = await lockImport(tx, visibleScope(actor, 'user'), actor.id, input.importId)
  if (!pending) throw refuse('NOT_FOUND', { what: 'import' })
  if (pending.status === 'done') throw refuse('IMPORT_FINISHED', {})
  const discarded = await discard(tx, pending.id)
  record({
    organizationId: pending.organizationId,
    targetKind: 'organization',
    targetId: pending.organizationId,
    targetName: pending.organizationName,
    before: { users: discarded.created + discarded.discarded },
    after: { users: discarded.created },
    batchId: pending.id,
  })
  return discarded
}
