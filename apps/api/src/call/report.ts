import type { TRPCError } from '@trpc/server'
import { asTrpcError, t, toRefusal } from '../trpc.ts'
import { recordRefusal } from './recordRefusal.ts'

/** Observers of calls, such as the metrics: called once for each call of a batch. `outcome` is `ok` or the refusal's code. */
export type CallObserver = (call: { path: string; type: string; outcome: string; seconds: number }) => void
const observers = new Set<CallObserver>()

/** Be told of every call, until the returned function is called. */
export function observeCalls(observer: CallObserver): () => void {
  observers.add(observer)
  return () => void observers.delete(observer)
}

/** The outermost step of every procedure: whatever goes wrong inside becomes a refusal with the right status, is recorded where it has to be, and is logged where it is not understood. */
export const reported = t.procedure.use(async ({ ctx, path, type, next, getRawInput }) => {
  const start = performance.now()
  const result = await next()
  const seconds = (performance.now() - start) / 1000
  if (result.ok) {
    for (const observe of observers) observe({ path, type, outcome: 'ok', seconds })
    return result
  }
  const refusal = toRefusal(result.error, ctx.requestId)
  for (const observe of observers) observe({ path, type, outcome: refusal.code, seconds })
  if (refusal.code === 'UNEXPECTED') ctx.services.log.error({ err: rootCause(result.error), path, requestId: ctx.requestId }, 'a call failed unexpectedly')
  if (refusal.code === 'DATABASE_UNAVAILABLE') ctx.services.log.warn({ err: rootCause(result.error), path }, 'the database could not be reached')
  await recordRefusal(ctx, { action: path, code: refusal.code, target: targetOf(await getRawInput().catch(() => undefined)) })
  throw asTrpcError(result.error, ctx.requestId)
})

function rootCause(error: TRPCError): unknown {
  let cause: unknown = error
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause
  return cause
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu

function targetOf(input: unknown): { kind: string; id: string } | undefined {
  if (typeof input !== 'object' || input === null) return undefined
  for (const [key, kind] of [
    ['userId', 'user'],
    ['workspaceId', 'workspace'],
    ['sessionId', 'session'],
  ] as const) {
    const id = (input as Record<string, unknown>)[key]
    if (typeof id === 'string' && UUID.test(id)) return { kind, id }
  }
  return undefined
}
