import { authorize, type ChangeEvent } from '@roster/domain'
import { authenticated } from '../call/authenticated.ts'
import { t } from '../trpc.ts'

export const changesRouter = t.router({
  /** The change stream of one session: ids only, filtered by visibility. The last event says why the stream closes. */
  subscribe: authenticated('changes.subscribe').subscription(async function* ({
    ctx,
    signal,
  }): AsyncGenerator<ChangeEvent, void> {
    authorize(ctx.actor, 'changes.subscribe')
    const { hub } = ctx.services
    const connection = await hub.connect(ctx.user.sessionId, ctx.actor, ctx.address)
    const disconnect = () => hub.disconnect(connection)
    signal?.addEventListener('abort', disconnect, { once: true })
    try {
      yield* connection.events()
    } finally {
      disconnect()
    }
  }),
})
