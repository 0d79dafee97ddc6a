import { type Refusal, secondsUntil } from '@roster/domain'

/** Most exports take a few seconds. */
const EXPORT_SECONDS = 10
/** A queue that is full, or a database that restarts, is usually back by then. */
const BUSY_SECONDS = 2

/**
 * The whole seconds to wait before the same call can succeed, for the Retry-After header; undefined when waiting does
 * not help. `now` in ms.
 */
export function retryAfter(refusal: Refusal, now = Date.now()): number | undefined {
  switch (refusal.code) {
    case 'TOO_MANY_ATTEMPTS':
      return secondsUntil(refusal.details.retryAt, now)
    case 'EXPORT_RUNNING':
      return EXPORT_SECONDS
    case 'BUSY':
    case 'DATABASE_UNAVAILABLE':
      return BUSY_SECONDS
    default:
      return undefined
  }
}
