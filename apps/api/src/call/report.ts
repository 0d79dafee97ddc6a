import { type IdKind, PROCEDURES, type Procedure, properties } from '@roster/domain'
import { asTrpcError, toRefusal } from '../trpc.ts'
import type { Context } from './context.ts'
import { recordRefusal } from './recordRefusal.ts'

/**
 * An observer of calls, such as the metrics. It is called for each call of a batch. `outcome` is `ok` or the refusal's
 * code.
 */
export type CallObserver = (call: { path: string; type: string; outcome: string; seconds: number }) => void
const observers = new Set<CallObserver>()

/** Adds an observer. The returned function removes it. */
export function observeCalls(observer: CallObserver): () => void {
  observers.add(observer)
  return () => void observers.delete(observer)
}

/** One call, as tRPC passes it to a middleware. */
interface Call {
  ctx: Context
  path: string
  type: string
  getRawInput: () => Promise<unknown>
}

/**
 * The outermost step of every procedure. An error in `proceed` becomes a refusal with the right status, which is
 * recorded in the audit log where required. Unknown errors are logged. A procedure's first middleware calls it. A
 * middleware of its own would cost every call as much as all of our hooks together.
 */
export async function reportCall<Result extends { ok: true } | { ok: false; error: unknown }>(
  call: Call,
  proceed: () => Promise<Result>,
): Promise<Result> {
  const { ctx, path, type } = call
  const start = performance.now()
  const { result, error } = await proceed().then(
    (ended) => (ended.ok ? { result: ended, error: undefined } : { result: undefined, error: ended.error }),
    (thrown: unknown) => ({ result: undefined, error: thrown }),
  )
  const seconds = (performance.now() - start) / 1000
  if (result) {
    for (const observe of observers) observe({ path, type, outcome: 'ok', seconds })
    return result
  }
  const refusal = toRefusal(error, ctx.requestId)
  for (const observe of observers) observe({ path, type, outcome: refusal.code, seconds })
  if (refusal.code === 'INTERNAL_ERROR')
    ctx.services.log.error({ err: rootCause(error), path, requestId: ctx.requestId }, 'a call failed unexpectedly')
  if (refusal.code === 'DATABASE_UNAVAILABLE')
    ctx.services.log.warn({ err: rootCause(error), path }, 'the database could not be reached')
  await recordRefusal(ctx, {
    action: path,
    code: refusal.code,
    target: targetOf(path, await call.getRawInput().catch(() => undefined)),
  })
  throw asTrpcError(error, ctx.requestId)
}

function rootCause(error: unknown): unknown {
  let cause: unknown = error
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause
  return cause
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu

/** The kinds of ids that a recorded refusal names. */
const NAMED: ReadonlySet<IdKind> = new Set(['user', 'workspace', 'session', 'invitation', 'request'])

/** The first id in a call's input that a recorded refusal names, as the registry lists them. */
function targetOf(path: string, input: unknown): { kind: IdKind; id: string } | undefined {
  if (typeof input !== 'object' || input === null || !(path in PROCEDURES)) return undefined
  for (const [key, kind] of Object.entries(properties(path as Procedure).ids)) {
    const id = (input as Record<string, unknown>)[key]
    if (NAMED.has(kind) && typeof id === 'string' && UUID.test(id)) return { kind, id }
  }
  return undefined
}
