import type { ChangeEvent } from '@roster/domain'
import { authenticated, requireRole } from '../call/authenticated.ts'
import { t } from '../trpc.ts'

export const changesRouter = t.router({
  /** What changed, for an open console: ids only, filtered by what its reader may see. Its last event says why it closes. */
  subscribe: authenticated('changes.subscribe').subscription(async function* ({ ctx, signal }): AsyncGenerator<ChangeEvent, void> {
    requireRole(ctx.actor, 'changes.subscribe')
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
