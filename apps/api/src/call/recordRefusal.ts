import { countRefusal } from '@roster/db'
import { RECORDED_REFUSALS, type RefusalCode } from '@roster/domain'
import { networkOf } from '../security/network.ts'
import type { Context } from './context.ts'

const RECORDED: ReadonlySet<RefusalCode> = new Set(RECORDED_REFUSALS)

/** A refused call, by its procedure, or `count` refused rows of a bulk call, by the action of a row. */
export interface RefusedAction {
  action: string
  code: RefusalCode
  target?: { kind: string; id: string } | undefined
  count?: number
}

/**
 * Counts a refusal for the audit log, in a transaction of its own. A failure to count doesn't change the answer.
 * Anonymous requests are counted by network, because an attacker with one IPv6 address usually has its whole /64.
 */
export async function recordRefusal(ctx: Context, { action, code, target, count = 1 }: RefusedAction): Promise<void> {
  if (!RECORDED.has(code)) return
  try {
    const state = await ctx.session()
    const user = state.kind === 'valid' ? state.user : undefined
    const source = user?.userId ?? networkOf(ctx.address)
    const targetUserId = ctx.attempt.userId
    await countRefusal(ctx.services.db.prisma, {
      // A user sees the failed sign-ins to their account, so attempts on two names need two rows.
      subject: targetUserId === null ? source : `${source} ${targetUserId}`,
      action,
      code,
      organizationId: user?.organizationId ?? null,
      actorId: user?.userId ?? null,
      throughId: user?.sessionId ?? null,
      targetKind: targetUserId === null ? (target?.kind ?? null) : 'user',
      targetId: targetUserId ?? target?.id ?? null,
      targetUserId,
      actorName: user?.username ?? null,
      address: ctx.address,
      count,
    })
  } catch (error) {
    ctx.services.log.error({ err: error, action, code }, 'could not record a refusal')
  }
}
