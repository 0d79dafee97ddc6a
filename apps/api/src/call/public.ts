import { type PublicProcedure, properties, refuse } from '@roster/domain'
import { t } from '../trpc.ts'
import { reportCall } from './report.ts'

/**
 * A procedure that needs no session. Those that check a secret refuse to be batched, because rate limits count calls.
 * @throws NOT_BATCHABLE
 */
export function publicProcedure(procedure: PublicProcedure) {
  const refusesBatch = properties(procedure).batch === 'refused'
  return t.procedure.meta({ procedure }).use((call) =>
    reportCall(call, async () => {
      if (refusesBatch && call.ctx.calls > 1) throw refuse('NOT_BATCHABLE', { procedure })
      return call.next()
    }),
  )
}
