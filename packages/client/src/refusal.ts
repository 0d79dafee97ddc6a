import type { Refusal } from '@roster/domain'

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

// The server is the only writer of `data.refusal`, so this check is enough.
function isRefusal(value: unknown): value is Refusal {
  return isRecord(value) && typeof value['code'] === 'string' && isRecord(value['details'])
}

/** The refusal in an error that a call threw; null when the server did not answer. `sentence` puts it in words. */
export function refusalOf(error: unknown): Refusal | null {
  const data = error instanceof Error && 'data' in error ? error.data : undefined
  return isRecord(data) && isRefusal(data['refusal']) ? data['refusal'] : null
}

/** Whether the same call can succeed in a moment: the server did not answer, or it was busy. */
export function isTemporary(error: unknown): boolean {
  const code = refusalOf(error)?.code
  return code === undefined || code === 'BUSY' || code === 'DATABASE_UNAVAILABLE'
}
