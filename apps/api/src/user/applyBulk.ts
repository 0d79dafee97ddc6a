import { inTransaction } from '@roster/db'
import { type BulkResult, type BulkResultRow, bulkApply, refuse } from '@roster/domain'
import { authenticated, requireRole } from '../call/authenticated.ts'
import { newBatchId } from '../call/batchId.ts'
import { lockActor } from '../call/lockActor.ts'
import { recordRefusal } from '../call/recordRefusal.ts'
import { requireReauthentication } from '../call/requireReauthentication.ts'
import type { Context } from '../context.ts'
import { toRefusal } from '../trpc.ts'
import { applyRow } from './applyRow.ts'
import { BULK_POLICY_ACTION, bulkToken, bulkWorkspaces, requireAllFound, selectBulkRows } from './bulk.ts'

/** Rows at work at once: enough to hide the round trips, few enough to leave connections to everybody else. */
const NO_WAIT = 3

/**
 * Apply what was previewed: each row is its own decision and transaction under one batch id; a refused row changes nothing and the others go on.
 * @throws PREVIEW_OUTDATED when the set, or anybody in it, is not what was previewed
 */
export const applyBulk = authenticated('user.applyBulk')
  .input(bulkApply)
  .mutation(async ({ ctx, input }): Promise<BulkResult> => {
    requireRole(ctx.actor, 'user.applyBulk')
    const { services, actor } = ctx
    const rows = await selectBulkRows(services.db.prisma, actor, input.selection, input.action)
    if (bulkToken(services.hmacKey, actor, input.action, rows) !== input.token) throw refuse('PREVIEW_OUTDATED', {})
    requireAllFound(input.selection, rows)
    await bulkWorkspaces(services.db.prisma, actor, input.action)
    // Each row asks again; but whoever has to prove themselves is asked before anybody is deleted.
    if (input.action.kind === 'delete')
      await inTransaction(services.db.prisma, async (tx) => requireReauthentication(tx, await lockActor(tx, ctx.user, 'user.applyBulk')), ctx.user.userId)
    const batchId = newBatchId()
    const results: BulkResultRow[] = []
    const queue = rows.entries()
    const work = async (): Promise<void> => {
      for (const [index, row] of queue) {
        try {
          results[index] = await applyRow(ctx, input.action, row, batchId)
        } catch (error) {
          const refusal = toRefusal(error, ctx.requestId)
          if (refusal.code === 'INTERNAL_ERROR') services.log.error({ err: error, requestId: ctx.requestId }, 'a row of a bulk call failed unexpectedly')
          results[index] = { userId: row.id, username: row.username, outcome: 'refused', refusal }
        }
      }
    }
    await Promise.all(Array.from({ length: NO_WAIT }, work))
    await recordRefusedRows(ctx, BULK_POLICY_ACTION[input.action.kind] ?? 'member.update', results)
    const count = (outcome: BulkResultRow['outcome']) => results.filter((row) => row.outcome === outcome).length
    return { batchId, changed: count('changed'), nothing: count('nothing'), refused: count('refused'), rows: results }
  })

/** Each row is a decision of its own, so what was refused is kept as if it had been asked for alone; by reason, as the audit log has it. */
async function recordRefusedRows(ctx: Context, action: string, results: readonly BulkResultRow[]): Promise<void> {
  const byCode = Map.groupBy(
    results.flatMap(({ userId, refusal }) => (refusal ? [{ userId, code: refusal.code }] : [])),
    ({ code }) => code,
  )
  for (const [code, rows] of byCode) await recordRefusal(ctx, { action, code, target: { kind: 'user', id: rows[0]?.userId ?? '' }, count: rows.length })
}
