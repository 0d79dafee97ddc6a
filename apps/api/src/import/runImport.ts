import { findImport, inTransaction, passwordRules, settleImport } from '@roster/db'
import { type ImportRan, type ImportRanRow, importRun, refuse, visibleScope } from '@roster/domain'
import type * as z from 'zod'
import { authenticated, requireRole } from '../call/authenticated.ts'
import { hold } from '../call/lockActor.ts'
import { recordRefusal } from '../call/recordRefusal.ts'
import type { Context } from '../context.ts'
import { hashPassword } from '../password/hash.ts'
import { validatePassword } from '../password/validate.ts'
import type { Principal } from '../session/resolveSession.ts'
import { consumeNameAttempt } from '../user/username.ts'
import { importRow } from './importRow.ts'

/** Rows at work at once: enough to hide the round trips, few enough to leave connections to everybody else. */
const NO_WAIT = 3

type Row = z.output<typeof importRun>['rows'][number]

/**
 * Run some rows of one's own import: each is its own decision and transaction under the import's id as the batch. What was run stays; a row that another
 * run has is left to it. Whoever loses the right to import in the middle, or their session, is refused from that row on.
 * @throws NOT_FOUND, BAD_INPUT (a password where links are made, or none where there has to be one), PASSWORD_TOO_SHORT, PASSWORD_COMMON
 */
export const runImport = authenticated('import.run')
  .input(importRun)
  .mutation(async ({ ctx, input }): Promise<ImportRan> => {
    requireRole(ctx.actor, 'import.run')
    const { services, actor } = ctx
    const found = await findImport(services.db.prisma, visibleScope(actor, 'user'), actor.id, input.importId)
    if (!found) throw refuse('NOT_FOUND', { what: 'import' })
    await acceptRows(ctx, input.rows, found.credential === 'password')
    const numbers = new Map(input.rows.map((row) => [row.number, row]))
    const results: ImportRanRow[] = []
    const queue = numbers.values()
    const work = async (): Promise<void> => {
      for (const { number, password } of queue) {
        const passwordHash = password === undefined ? null : await hashPassword(password, { late: true })
        const became = await importRow(ctx, { importId: found.id, organizationId: found.organizationId, number, password, passwordHash })
        results.push({ number, ...became })
        // A name that was free when it was looked at, and is taken now, tells something of whoever has it.
        if (became.refusal?.code === 'NAME_TAKEN') await consumeNameAttempt(services, actor.id)
      }
    }
    const ended = await Promise.allSettled(Array.from({ length: NO_WAIT }, work))
    await recordRefusedRows(ctx, results)
    const broken = ended.find((each) => each.status === 'rejected')
    // What was created is told, with its links, even if the run can't go on: the next call says why.
    if (broken && results.every(({ outcome }) => outcome !== 'created')) throw broken.reason
    const changed = results.some(({ outcome }) => outcome !== 'elsewhere')
    const waiting = changed ? await inTransaction(services.db.prisma, (tx) => settleImport(tx, found.id), actor.id) : found.waiting
    return { rows: results.sort((a, b) => a.number - b.number), waiting }
  })

/** Whether the rows carry passwords as the import wants them, and good ones. */
async function acceptRows(ctx: Context & { user: Principal }, rows: readonly Row[], wanted: boolean): Promise<void> {
  const { prisma } = ctx.services.db
  const wrong = rows.findIndex(({ password }) => (password !== undefined) !== wanted)
  if (wrong !== -1) {
    const message = wanted ? 'Enter a password.' : 'This import makes links, not passwords.'
    throw refuse('BAD_INPUT', { issues: [{ path: ['rows', wrong, 'password'], rule: 'custom', message }] })
  }
  if (!wanted) return
  // Hashing is not for who would be refused anyway.
  await inTransaction(prisma, (tx) => hold(tx, ctx.user, 'import.run'), ctx.user.userId)
  const rules = await passwordRules(prisma)
  for (const { password } of rows) if (password !== undefined) validatePassword(rules, password, '')
}

/** Each row is a decision of its own, so what was refused is kept as if it had been asked for alone. */
async function recordRefusedRows(ctx: Context, rows: readonly ImportRanRow[]): Promise<void> {
  const byCode = Map.groupBy(
    rows.flatMap(({ refusal }) => refusal?.code ?? []),
    (code) => code,
  )
  for (const [code, { length: count }] of byCode) await recordRefusal(ctx, { action: 'user.create', code, count })
}
