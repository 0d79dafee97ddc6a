import type { Refusal } from './refusal.ts'

/**
 * Why a call failed. `refused`: the server gave a reason. `unreachable`: no answer came. `unreadable`: an answer came
 * that isn't Roster's, such as a proxy's error page.
 */
export type Failure =
  | { kind: 'refused'; refusal: Refusal; requestId: string | null }
  | { kind: 'unreachable' }
  | { kind: 'unreadable' }

/** tRPC's message for JSON that is no answer of a tRPC server. */
const NOT_TRPC = 'Unable to transform response from server'

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

// The API's error formatter is the only writer of `data.refusal`, so this check is enough.
function isRefusal(value: unknown): value is Refusal {
  return isRecord(value) && typeof value['code'] === 'string' && isRecord(value['details'])
}

/** The failure behind an error that a tRPC client threw. It reads the error's shape, and needs no tRPC. */
export function failureOf(error: unknown): Failure {
  const data: unknown = error instanceof Error && 'data' in error ? error.data : undefined
  if (!isRecord(data)) return { kind: isUnreadable(error) ? 'unreadable' : 'unreachable' }
  const requestId = typeof data['requestId'] === 'string' ? data['requestId'] : null
  const refusal = data['refusal']
  if (isRefusal(refusal)) return { kind: 'refused', refusal, requestId }
  return { kind: 'refused', refusal: { code: 'INTERNAL_ERROR', details: { requestId: requestId ?? '' } }, requestId }
}

function isUnreadable(error: unknown): boolean {
  return error instanceof Error && (error.cause instanceof SyntaxError || error.message === NOT_TRPC)
}

/** The refusal in an error that a call threw; null when the server did not answer. `sentence` puts it in words. */
export function refusalOf(error: unknown): Refusal | null {
  const failure = failureOf(error)
  return failure.kind === 'refused' ? failure.refusal : null
}

/** Whether the same call can succeed in a moment: the server did not answer, or it was busy. */
export function isTemporary(error: unknown): boolean {
  if (isAborted(error)) return false
  const code = refusalOf(error)?.code
  return code === undefined || code === 'BUSY' || code === 'DATABASE_UNAVAILABLE'
}

/** Whether the outcome of a change is unknown: no answer came, or the server doesn't know either. */
export function isUnanswered(error: unknown): boolean {
  const code = refusalOf(error)?.code
  return code === undefined || code === 'OUTCOME_UNKNOWN'
}

/** Whether the program itself aborted the call. */
export function isAborted(error: unknown): boolean {
  const names = error instanceof Error ? [error, error.cause] : []
  return names.some((each) => each instanceof Error && each.name === 'AbortError')
}
