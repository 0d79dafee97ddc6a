import type { NoticeEvent } from '@roster/domain'
import { authenticated, requireRole } from '../call/authenticated.ts'
import { t } from '../trpc.ts'

export const noticeRouter = t.router({
  /** What changed, for an open console: ids only, filtered by what its reader may see. Its last event says why it closes. */
  stream: authenticated('notice.stream').subscription(async function* ({ ctx, signal }): AsyncGenerator<NoticeEvent, void> {
    requireRole(ctx.actor, 'notice.stream')
    const { hub } = ctx.services
    const subscriber = await hub.subscribe(ctx.user.sessionId, ctx.actor, ctx.address)
    const leave = () => hub.unsubscribe(subscriber)
    signal?.addEventListener('abort', leave, { once: true })
    try {
      yield* subscriber.events()
    } finally {
      leave()
    }
  }),
})
