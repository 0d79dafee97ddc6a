import { discardImport as discard, lockImport } from '@roster/db'
import { type ImportDiscarded, type onImport, refuse, visibleScope } from '@roster/domain'
import type * as z from 'zod'
import type { Changing } from '../call/change.ts'

/** End one's own import for good: nobody else is created by it, and whoever was stays. @throws NOT_FOUND when it isn't one's own, IMPORT_FINISHED */
export async function discardImport({ tx, actor, input, done }: Changing<z.output<typeof onImport>>): Promise<ImportDiscarded> {
  const found = await lockImport(tx, visibleScope(actor, 'user'), actor.id, input.importId)
  if (!found) throw refuse('NOT_FOUND', { what: 'import' })
  if (found.status === 'done') throw refuse('IMPORT_FINISHED', {})
  const ended = await discard(tx, found.id)
  done({
    organizationId: found.organizationId,
    targetKind: 'organization',
    targetId: found.organizationId,
    targetName: found.organizationName,
    before: { users: ended.created + ended.discarded },
    after: { users: ended.created },
    batchId: found.id,
  })
  return ended
}
