import { authorize, changesSubscribe } from '@roster/domain'
import { tracked } from '@trpc/server'
import { authenticated } from '../call/authenticated.ts'
import { t } from '../trpc.ts'

export const changesRouter = t.router({
  /**
   * The change stream of one session: ids only, filtered by visibility. Each event has an id; `lastEventId`, or the
   * header `Last-Event-ID`, continues after it. The last event says why the stream closes.
   */
  subscribe: authenticated('changes.subscribe')
    .input(changesSubscribe)
    .subscription(async function* ({ ctx, input, signal }) {
      authorize(ctx.actor, 'changes.subscribe')
      const { hub } = ctx.services
      const { actor, address, user } = ctx
      const connection = await hub.connect({
        sessionId: user.sessionId,
        actor,
        address,
        lastEventId: input?.lastEventId,
      })
      const disconnect = () => hub.disconnect(connection)
      signal?.addEventListener('abort', disconnect, { once: true })
      try {
        for await (const [id, event] of connection.events()) yield tracked(id, event)
      } finally {
        disconnect()
      }
    }),
})
