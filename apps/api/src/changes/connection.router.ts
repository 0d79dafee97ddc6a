import { authorize, connectionWatch } from '@roster/domain'
import { authenticated } from '../call/authenticated.ts'
import { t } from '../trpc.ts'

export const connectionRouter = t.router({
  /**
   * Says what a connection of the session carries beside changes: these threads, and no others. It records nothing,
   * since it lasts as long as the connection.
   * @throws NOT_FOUND (connection, thread)
   */
  watch: authenticated('connection.watch')
    .input(connectionWatch)
    .mutation(async ({ ctx, input }): Promise<void> => {
      authorize(ctx.actor, 'connection.watch')
      const topics = input.threadIds.map((id) => ({ kind: 'thread', id }) as const)
      await ctx.services.hub.watch(input.connectionId, ctx.user.sessionId, topics)
    }),
})
