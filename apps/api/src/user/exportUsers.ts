import { finished, Readable } from 'node:stream'
import { countAllUsers, findOrganization, inTransaction, recordChange, streamUsers } from '@roster/db'
import { ROLE_NAME, refuse, type UserRow, userExport, type Visibility, visibilityOf } from '@roster/domain'
import { stringify } from 'csv-stringify/sync'
import type { FastifyInstance } from 'fastify'
import { actorOf, requireRole, requireSession } from '../call/authenticated.ts'
import { auditActor, lockActor } from '../call/lockActor.ts'
import { guardedRoute } from '../call/route.ts'
import { contextOf } from '../context.ts'
import type { Services } from '../services.ts'
import { ExportSlots } from './exportSlots.ts'

const HEADER = ['username', 'display name', 'role', 'status', 'organization', 'workspaces', 'daily limit', 'second factor', 'last seen', 'created'] as const

/** By it spreadsheets know that a file is UTF-8. */
const BYTE_ORDER_MARK = '\ufeff'

/** Where a formula would begin in a spreadsheet that separates cells by semicolons, as German ones do. */
const AFTER_SEMICOLON = /;\s*(?=[=+\-@＝＋－＠])/gu

/** Rows of CSV. What a spreadsheet would take for a formula gets an apostrophe before it. */
function csv(rows: readonly (readonly string[])[]): string {
  const guarded = rows.map((row) => row.map((cell) => cell.replace(AFTER_SEMICOLON, "$&'")))
  return stringify(guarded, { escape_formulas: true, record_delimiter: 'windows' })
}

/** How long an export waits for its reader to take more of it. Milliseconds. */
const TIMEOUT_MS = 60_000

/**
 * The users of a filter as a CSV file of any size, read and sent batch by batch, as fast as it is taken. Everybody has one at a time, until the last of it
 * is sent, they go away, or take nothing for `patience`.
 * @throws EXPORT_RUNNING, BUSY
 */
export function exportUsers(api: FastifyInstance, services: Services, patience = TIMEOUT_MS): void {
  const slots = new ExportSlots()
  guardedRoute(api, services, { name: 'user.export', path: '/export/users.csv', input: userExport }, async ({ ctx, user, input, reply }) => {
    const { db, log } = services
    finished(reply.raw, slots.take(user.userId))
    // Written down before the first row leaves.
    await inTransaction(
      db.prisma,
      async (tx) => {
        const actor = await lockActor(tx, user, 'user.export')
        const people = await countAllUsers(tx, visibilityOf(actor), input.filter)
        const entry = { organizationId: actor.organizationId, targetKind: 'organization', targetId: actor.organizationId } as const
        const after = { people, filter: JSON.stringify(input.filter) }
        await recordChange(tx, auditActor(ctx, user), 'user.export', [{ ...entry, after }], [])
      },
      user.userId,
    )
    /** Who is reading is asked again before each batch: whoever may no longer gets no further. */
    const still = async (): Promise<Visibility> => {
      const caller = await requireSession(contextOf(services, ctx.req, ctx.res, 1), 'user.export')
      const actor = actorOf(caller)
      requireRole(actor, 'user.export')
      if (caller.userId !== user.userId) throw refuse('NOT_SIGNED_IN', {})
      return visibilityOf(actor)
    }
    let waiting: NodeJS.Timeout | undefined
    /** Cut off rather than ended: what came so far must not pass for the whole. */
    function cutOff(error: Error): void {
      log.info({ err: error, reqId: ctx.requestId }, 'an export was cut off')
      reply.raw.destroy()
    }
    function wait(): void {
      waiting = setTimeout(cutOff, patience, new Error('nobody takes any more of it'))
    }
    const names = new Map<string, string>()
    async function* text(): AsyncGenerator<string, void> {
      yield BYTE_ORDER_MARK + csv([HEADER])
      for await (const batch of streamUsers(db.pool, input, still)) {
        for (const { organizationId: id } of batch) {
          if (!names.has(id)) names.set(id, (await findOrganization(db.prisma, { kind: 'organization', organizationId: id }, id))?.name ?? '')
        }
        const part = csv(batch.map((row) => line(row, names.get(row.organizationId) ?? '')))
        wait()
        try {
          yield part
        } finally {
          clearTimeout(waiting)
        }
      }
    }
    const stream = Readable.from(text())
    stream.once('error', cutOff)
    stream.once('end', wait)
    finished(reply.raw, () => clearTimeout(waiting))
    const day = new Date().toISOString().slice(0, 10)
    return reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="users-${day}.csv"`).send(stream)
  })
}

function line(row: UserRow, organization: string): string[] {
  return [
    row.username,
    row.displayName ?? '',
    ROLE_NAME[row.role],
    row.status,
    organization,
    row.workspaces.map(({ name }) => name).join('; '),
    row.dailyLimit === null ? '' : String(row.dailyLimit),
    row.secondFactor ? 'yes' : 'no',
    row.lastSeenAt ?? '',
    row.createdAt,
  ]
}
