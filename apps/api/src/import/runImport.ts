import { findImport, passwordRules, system, updateImportStatus } from '@roster/db'
import { fieldIssue, type ImportRunResult, type ImportRunRow, importRun, refuse, visibleScope } from '@roster/domain'
import type * as z from 'zod'
import type { Context } from '../call/context.ts'
import { lockActor } from '../call/lockActor.ts'
import { perform } from '../call/perform.ts'
import { recordRefusal } from '../call/recordRefusal.ts'
import { hashPassword } from '../password/hash.ts'
import { validatePassword } from '../password/validate.ts'
import type { Principal } from '../session/resolveSession.ts'
import { consumeNameAttempt } from '../user/create/username.ts'
import { importRow } from './importRow.ts'

/** Rows in progress at once: enough to hide round trips, few enough to leave connections to other requests. */
const CONCURRENCY = 3

type Row = z.output<typeof importRun>['rows'][number]

/**
 * Runs rows of the actor's own import. Each row is its own decision and transaction, with the import's id as the batch
 * id. Finished rows stay; a row that another run claimed is left to it. Losing the permission or the session stops the
 * run at the next row.
 * @throws NOT_FOUND, BAD_INPUT (an unwanted or missing password), PASSWORD_TOO_SHORT, PASSWORD_COMMON
 */
export const runImport = perform('import.run', importRun, async (ctx, input): Promise<ImportRunResult> => {
  const { services, actor } = ctx
  const found = await findImport(services.db.prisma, visibleScope(actor, 'user'), actor.id, input.importId)
  if (!found) throw refuse('NOT_FOUND', { what: 'import' })
  await validateRows(ctx, input.rows, found.credential === 'password')
  const numbers = new Map(input.rows.map((row) => [row.number, row]))
  const results: ImportRunRow[] = []
  const queue = numbers.values()
  const work = async (): Promise<void> => {
    for (const { number, password } of queue) {
      const passwordHash = password === undefined ? null : await hashPassword(password, { background: true })
      const result = await importRow(ctx, {
        importId: found.id,
        organizationId: found.organizationId,
        number,
        password,
        passwordHash,
      })
      results.push({ number, ...result })
      // A username taken since the preview may reveal a user of another organization, so it counts as an attempt.
      if (result.refusal?.code === 'NAME_TAKEN') await consumeNameAttempt(services, actor.id)
    }
  }
  const workers = await Promise.allSettled(Array.from({ length: CONCURRENCY }, work))
  await recordRefusedRows(ctx, results)
  const failure = workers.find((worker) => worker.status === 'rejected')
  // The answer reports created users with their links even if the run failed. The next call reports the reason.
  if (failure && results.every(({ outcome }) => outcome !== 'created')) throw failure.reason
  const changed = results.some(({ outcome }) => outcome !== 'elsewhere')
  const waiting = changed
    ? await system(services.db, (tx) => updateImportStatus(tx, found.id), actor.id)
    : found.waiting
  return { rows: results.sort((a, b) => a.number - b.number), waiting }
})

/**
 * Requires valid passwords on all rows, or none, as the import's credential says.
 * @throws BAD_INPUT,
 * PASSWORD_TOO_SHORT, PASSWORD_COMMON
 */
async function validateRows(ctx: Context & { user: Principal }, rows: readonly Row[], wanted: boolean): Promise<void> {
  const { prisma } = ctx.services.db
  const wrong = rows.findIndex(({ password }) => (password !== undefined) !== wanted)
  if (wrong !== -1) {
    const code = wanted ? 'REQUIRED_PASSWORD' : 'PASSWORD_NOT_EXPECTED'
    throw refuse('BAD_INPUT', { issues: [fieldIssue(['rows', wrong, 'password'], code)] })
  }
  if (!wanted) return
  // The permission is checked before any slow hashing.
  await system(ctx.services.db, (tx) => lockActor(tx, ctx.user, 'import.run'), ctx.user.userId)
  const rules = await passwordRules(prisma)
  for (const { password } of rows) if (password !== undefined) await validatePassword(rules, password, '')
}

/** Records refused rows as single calls would be, because each row is its own decision. */
async function recordRefusedRows(ctx: Context, rows: readonly ImportRunRow[]): Promise<void> {
  const byCode = Map.groupBy(
    rows.flatMap(({ refusal }) => refusal?.code ?? []),
    (code) => code,
  )
  for (const [code, { length: count }] of byCode) await recordRefusal(ctx, { action: 'user.create', code, count })
}
