import { type BulkPreview, type BulkPreviewRow, bulkPreview, type Refusal } from '@roster/domain'
import { read } from '../../call/read.ts'
import { bulkToken, bulkWorkspaces, planRow, requireAllFound, selectBulkRows } from './bulk.ts'

/** Rows returned for each outcome. The counts include all rows. */
const ROWS_MAX = 100

/**
 * Previews a bulk change: rows by outcome, exact counts, reasons, and the token that binds the apply to this preview.
 */
export const previewBulk = read(
  'user.previewBulk',
  bulkPreview,
  async ({ services, actor, input }): Promise<BulkPreview> => {
    const { prisma } = services.db
    const workspaces = await bulkWorkspaces(prisma, actor, input.action)
    const rows = await selectBulkRows(prisma, actor, input.selection, input.action)
    requireAllFound(input.selection, rows)
    const counts = { change: 0, nothing: 0, refused: 0 }
    const reasons = new Map<string, { refusal: Refusal; count: number }>()
    const previewRows: BulkPreviewRow[] = []
    for (const row of rows) {
      const plan = planRow(actor, input.action, row, workspaces)
      counts[plan.outcome]++
      if (counts[plan.outcome] <= ROWS_MAX) previewRows.push({ userId: row.id, username: row.username, ...plan })
      if (plan.refusal) {
        const key = JSON.stringify(plan.refusal)
        const reason = reasons.get(key)
        if (reason) reason.count++
        else reasons.set(key, { refusal: plan.refusal, count: 1 })
      }
    }
    return {
      token: bulkToken(services.hmacKey, actor, input.action, rows),
      total: rows.length,
      ...counts,
      reasons: [...reasons.values()],
      rows: previewRows,
    }
  },
)
