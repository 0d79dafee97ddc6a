import type { Refusal } from '@roster/domain'
import { TRPCClientError } from '@trpc/client'

/** Why a call failed: the server refused it, saying why, or no (sensible) answer came at all. */
export type Failure = { kind: 'refused'; refusal: Refusal; requestId: string | null } | { kind: 'unreachable' }

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

// The API's error formatter is the only writer of `data.refusal`, so its shape needs no more than this look.
function isRefusal(value: unknown): value is Refusal {
  return isRecord(value) && typeof value['code'] === 'string' && isRecord(value['details'])
}

/** What went wrong, from whatever a call threw. */
export function failureOf(error: unknown): Failure {
  const data: unknown = error instanceof TRPCClientError ? error.data : undefined
  if (!isRecord(data)) return { kind: 'unreachable' }
  const requestId = typeof data['requestId'] === 'string' ? data['requestId'] : null
  const refusal = data['refusal']
  if (isRefusal(refusal)) return { kind: 'refused', refusal, requestId }
  return { kind: 'refused', refusal: { code: 'INTERNAL_ERROR', details: { requestId: requestId ?? '' } }, requestId }
}

/** The refusal behind an error, if it is one. */
export function refusalOf(error: unknown): Refusal | null {
  const failure = failureOf(error)
  return failure.kind === 'refused' ? failure.refusal : null
}

/** Whether the same read may well succeed in a moment: no network, or a server that says it is busy. */
export function isTemporary(error: unknown): boolean {
  if (isAborted(error)) return false
  const failure = failureOf(error)
  return failure.kind === 'unreachable' || failure.refusal.code === 'BUSY' || failure.refusal.code === 'DATABASE_UNAVAILABLE'
}

/** Whether nobody knows what became of a change: there was no answer, or the server itself doesn't know. */
export function isUnanswered(error: unknown): boolean {
  const failure = failureOf(error)
  return failure.kind === 'unreachable' || failure.refusal.code === 'OUTCOME_UNKNOWN'
}

/** Whether the call was given up by the page itself: somebody typed on, or left. */
export function isAborted(error: unknown): boolean {
  const cause = error instanceof TRPCClientError ? error.cause : error
  return cause instanceof Error && cause.name === 'AbortError'
}
