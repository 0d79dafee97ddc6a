import type { Refusal } from '@roster/domain'
import { TRPCClientError } from '@trpc/client'

/** Why a call failed: the server refused it with a reason, or no valid answer came. */
export type Failure = { kind: 'refused'; refusal: Refusal; requestId: string | null } | { kind: 'unreachable' }

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

// The API's error formatter is the only writer of `data.refusal`, so this check is enough.
function isRefusal(value: unknown): value is Refusal {
  return isRecord(value) && typeof value['code'] === 'string' && isRecord(value['details'])
}

/** The failure behind an error of a call. */
export function failureOf(error: unknown): Failure {
  const data: unknown = error instanceof TRPCClientError ? error.data : undefined
  if (!isRecord(data)) return { kind: 'unreachable' }
  const requestId = typeof data['requestId'] === 'string' ? data['requestId'] : null
  const refusal = data['refusal']
  if (isRefusal(refusal)) return { kind: 'refused', refusal, requestId }
  return { kind: 'refused', refusal: { code: 'INTERNAL_ERROR', details: { requestId: requestId ?? '' } }, requestId }
}

/** The refusal behind an error, or null. */
export function refusalOf(error: unknown): Refusal | null {
  const failure = failureOf(error)
  return failure.kind === 'refused' ? failure.refusal : null
}

/** Whether a retry may succeed: no network, or a busy server. */
export function isTemporary(error: unknown): boolean {
  if (isAborted(error)) return false
  const failure = failureOf(error)
  return (
    failure.kind === 'unreachable' || failure.refusal.code === 'BUSY' || failure.refusal.code === 'DATABASE_UNAVAILABLE'
  )
}

/** Whether the outcome of a change is unknown: no answer came, or the server doesn't know either. */
export function isUnanswered(error: unknown): boolean {
  const failure = failureOf(error)
  return failure.kind === 'unreachable' || failure.refusal.code === 'OUTCOME_UNKNOWN'
}

/** Whether the page itself aborted the call, because the user typed on or left. */
export function isAborted(error: unknown): boolean {
  const cause = error instanceof TRPCClientError ? error.cause : error
  return cause instanceof Error && cause.name === 'AbortError'
}
