import { system } from '@roster/db'
import { type BulkResult, type BulkResultRow, bulkApply, refuse } from '@roster/domain'
import { newBatchId } from '../../call/batchId.ts'
import type { Context } from '../../call/context.ts'
import { lockActor } from '../../call/lockActor.ts'
import { perform } from '../../call/perform.ts'
import { recordRefusal } from '../../call/recordRefusal.ts'
import { requireReauthentication } from '../../call/requireReauthentication.ts'
import { toRefusal } from '../../trpc.ts'
import { applyRow } from './applyRow.ts'
import { BULK_POLICY_ACTION, bulkToken, bulkWorkspaces, requireAllFound, selectBulkRows } from './bulk.ts'

/** Rows in progress at once: enough to hide round trips, few enough to leave connections to other requests. */
const CONCURRENCY = 3

/**
 * Applies a previewed bulk change. Each row is its own decision and transaction under one batch id; a refused row does
 * not stop the others.
 * @throws PREVIEW_OUTDATED when the selection or one of its rows changed since the preview
 */
export const applyBulk = perform('user.applyBulk', bulkApply, async (ctx, input): Promise<BulkResult> => {
  const { services, actor } = ctx
  const rows = await selectBulkRows(services.db.prisma, actor, input.selection, input.action)
  if (bulkToken(services.hmacKey, actor, input.action, rows) !== input.token) throw refuse('PREVIEW_OUTDATED', {})
  requireAllFound(input.selection, rows)
  await bulkWorkspaces(services.db.prisma, actor, input.action)
  // Each row checks again, but the actor should reauthenticate before the first deletion.
  if (input.action.kind === 'delete')
    await system(
      services.db,
      async (tx) => requireReauthentication(tx, await lockActor(tx, ctx.user, 'user.applyBulk')),
      ctx.user.userId,
    )
  const batchId = newBatchId()
  const results: BulkResultRow[] = []
  const queue = rows.entries()
  const work = async (): Promise<void> => {
    for (const [index, row] of queue) {
      try {
        results[index] = await applyRow(ctx, input.action, row, batchId)
      } catch (error) {
        const refusal = toRefusal(error, ctx.requestId)
        if (refusal.code === 'INTERNAL_ERROR')
          services.log.error({ err: error, requestId: ctx.requestId }, 'a row of a bulk call failed unexpectedly')
        results[index] = { userId: row.id, username: row.username, outcome: 'refused', refusal }
      }
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work))
  await recordRefusedRows(ctx, BULK_POLICY_ACTION[input.action.kind] ?? 'member.update', results)
  const count = (outcome: BulkResultRow['outcome']) => results.filter((row) => row.outcome === outcome).length
  return { batchId, changed: count('changed'), nothing: count('nothing'), refused: count('refused'), rows: results }
})

/** Records refused rows as single calls would be, by reason, because each row is its own decision. */
async function recordRefusedRows(ctx: Context, action: string, results: readonly BulkResultRow[]): Promise<void> {
  const byCode = Map.groupBy(
    results.flatMap(({ userId, refusal }) => (refusal ? [{ userId, code: refusal.code }] : [])),
    ({ code }) => code,
  )
  for (const [code, rows] of byCode)
    await recordRefusal(ctx, { action, code, target: { kind: 'user', id: rows[0]?.userId ?? '' }, count: rows.length })
}
