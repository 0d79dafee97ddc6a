import { countRefusal } from '@roster/db'
import { RECORDED_REFUSALS, type RefusalCode } from '@roster/domain'
import { networkOf } from '../address.ts'
import type { Context } from '../context.ts'

const RECORDED: ReadonlySet<RefusalCode> = new Set(RECORDED_REFUSALS)

/** What was refused: a call by its procedure, or so many rows of a bulk call by the action each would have been. */
export interface RefusedAction {
  action: string
  code: RefusalCode
  target?: { kind: string; id: string } | undefined
  count?: number
}

/**
 * Count a refusal for the audit log, where it is kept, in a transaction of its own. What is refused stays refused whether or not that works.
 * Who isn't signed in is counted by network, since whoever has one address of it has them all.
 */
export async function recordRefusal(ctx: Context, { action, code, target, count = 1 }: RefusedAction): Promise<void> {
  if (!RECORDED.has(code)) return
  try {
    const state = await ctx.session()
    const user = state.kind === 'valid' ? state.user : undefined
    const by = user?.userId ?? networkOf(ctx.address)
    const meantId = ctx.meant.userId
    await countRefusal(ctx.services.db.prisma, {
      // Whose name was tried is told of it, so the tries of two names aren't one.
      subject: meantId === null ? by : `${by} ${meantId}`,
      action,
      code,
      organizationId: user?.organizationId ?? null,
      actorId: user?.userId ?? null,
      throughId: user?.sessionId ?? null,
      targetKind: meantId === null ? (target?.kind ?? null) : 'user',
      targetId: meantId ?? target?.id ?? null,
      meantId,
      actorName: user?.username ?? null,
      address: ctx.address,
      count,
    })
  } catch (error) {
    ctx.services.log.error({ err: error, action, code }, 'a refusal could not be recorded')
  }
}
