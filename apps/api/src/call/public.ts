import { type PublicProcedure, REFUSES_BATCH, refuse } from '@roster/domain'
import { t } from '../trpc.ts'
import { reported } from './report.ts'

/** A procedure that answers without a session: one of the short list in the domain. Those that try a secret refuse to be batched, since calls are what is counted. */
export function open(procedure: PublicProcedure) {
  const alone = (REFUSES_BATCH as readonly PublicProcedure[]).includes(procedure)
  return t.procedure.meta({ procedure }).use((call) =>
    reported(call, async () => {
      if (alone && call.ctx.calls > 1) throw refuse('NOT_BATCHABLE', { procedure })
      return call.next()
    }),
  )
}
