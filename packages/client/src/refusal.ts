import type { Refusal } from '@roster/domain'

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

// The server is the only writer of `data.refusal`, so its shape needs no more than this look.
function isRefusal(value: unknown): value is Refusal {
  return isRecord(value) && typeof value['code'] === 'string' && isRecord(value['details'])
}

/** Why the server refused a call, from whatever the call threw; null when no answer came at all. `sentence` says it in words. */
export function refusalOf(error: unknown): Refusal | null {
  const data = error instanceof Error && 'data' in error ? error.data : undefined
  return isRecord(data) && isRefusal(data['refusal']) ? data['refusal'] : null
}

/** Whether the same call may well succeed in a moment: no answer, or a server that says it is busy. */
export function isTemporary(error: unknown): boolean {
  const code = refusalOf(error)?.code
  return code === undefined || code === 'BUSY' || code === 'DATABASE_UNAVAILABLE'
}
