import { finished, Readable } from 'node:stream'
import { commit, countAllUsers, findOrganization, streamUsers } from '@roster/db'
import { authorize, ROLE_NAME, refuse, type UserRow, userExport, type Visibility, visibilityOf } from '@roster/domain'
import { stringify } from 'csv-stringify/sync'
import type { FastifyInstance } from 'fastify'
import { principalActor, requireSession } from '../../call/authenticated.ts'
import { contextOf } from '../../call/context.ts'
import { auditActor, lockActor } from '../../call/lockActor.ts'
import { guardedRoute } from '../../call/route.ts'
import type { Services } from '../../server/services.ts'
import { ExportSlots } from './exportSlots.ts'

const HEADER = [
  'username',
  'display name',
  'role',
  'status',
  'organization',
  'workspaces',
  'daily limit',
  'second factor',
  'last seen',
  'created',
] as const

/** Spreadsheets recognize UTF-8 by it. */
const BYTE_ORDER_MARK = '\ufeff'

/** The start of a formula in a spreadsheet that separates cells by semicolons, as German ones do. */
const AFTER_SEMICOLON = /;\s*(?=[=+\-@＝＋－＠])/gu

/** Formats rows as CSV. An apostrophe prevents formula injection. */
function csv(rows: readonly (readonly string[])[]): string {
  const guarded = rows.map((row) => row.map((cell) => cell.replace(AFTER_SEMICOLON, "$&'")))
  return stringify(guarded, { escape_formulas: true, record_delimiter: 'windows' })
}

/** How long an export waits for its client to receive more. Milliseconds. */
const TIMEOUT_MS = 60_000

/**
 * Registers the route that streams the users of a filter as CSV, batch by batch with backpressure. Each user has one
 * export at a time. It ends when it is complete, the client disconnects, or the client receives nothing for `timeout`
 * milliseconds. @throws EXPORT_RUNNING, BUSY
 */
export function exportUsers(api: FastifyInstance, services: Services, timeout = TIMEOUT_MS): void {
  const slots = new ExportSlots()
  guardedRoute(
    api,
    services,
    { name: 'user.export', path: '/export/users.csv', input: userExport },
    async ({ ctx, user, input, reply }) => {
      const { db, log } = services
      finished(reply.raw, slots.acquire(user.userId))
      // Audited before the first row is sent.
      await commit(services, { key: user.userId }, async ({ tx, record }) => {
        const actor = await lockActor(tx, user, 'user.export')
        const users = await countAllUsers(tx, visibilityOf(actor), input.filter)
        const entry = {
          organizationId: actor.organizationId,
          targetKind: 'organization',
          targetId: actor.organizationId,
        } as const
        const after = { users, filter: JSON.stringify(input.filter) }
        record(auditActor(ctx, user), 'user.export', { ...entry, after })
      })
      /** Checks session and permission again before each batch, so that an export stops when one is lost. */
      const authorizeBatch = async (): Promise<Visibility> => {
        const principal = await requireSession(contextOf(services, ctx.req, ctx.res, 1), 'user.export')
        const actor = principalActor(principal)
        authorize(actor, 'user.export')
        if (principal.userId !== user.userId) throw refuse('NOT_SIGNED_IN', {})
        return visibilityOf(actor)
      }
      let timer: NodeJS.Timeout | undefined
      /** Destroys the connection instead of ending the response, so that a partial file does not look complete. */
      function abort(error: Error): void {
        log.info({ err: error, reqId: ctx.requestId }, 'an export was aborted')
        reply.raw.destroy()
      }
      function startTimer(): void {
        timer = setTimeout(abort, timeout, new Error('the client stopped receiving'))
      }
      const names = new Map<string, string>()
      async function* text(): AsyncGenerator<string, void> {
        yield BYTE_ORDER_MARK + csv([HEADER])
        for await (const batch of streamUsers(db.pool, input, authorizeBatch)) {
          for (const { organizationId: id } of batch) {
            if (!names.has(id))
              names.set(
                id,
                (await findOrganization(db.prisma, { kind: 'organization', organizationId: id }, id))?.name ?? '',
              )
          }
          const part = csv(batch.map((row) => cellsOf(row, names.get(row.organizationId) ?? '')))
          startTimer()
          try {
            yield part
          } finally {
            clearTimeout(timer)
          }
        }
      }
      const stream = Readable.from(text())
      stream.once('error', abort)
      stream.once('end', startTimer)
      finished(reply.raw, () => clearTimeout(timer))
      const day = new Date().toISOString().slice(0, 10)
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="users-${day}.csv"`)
        .send(stream)
    },
  )
}

function cellsOf(row: UserRow, organization: string): string[] {
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
