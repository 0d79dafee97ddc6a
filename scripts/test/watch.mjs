import { statSync } from 'node:fs'

/** A check has no tests to count, so its total time is bounded. Milliseconds. */
export const CHECK_LIMIT = 30 * 60_000
/** A stage of tests ends when no test has finished for this long, whatever its total time. Milliseconds. */
export const STALL_LIMIT = 5 * 60_000

/** @param {string} file */
function sizeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/**
 * Calls `onStall` once when nothing progresses for `limit`.
 *
 * @param {{ file?: string, limit: number, onStall: () => void }} options `file` grows with every finished test; without
 * it only time counts. `limit` in milliseconds
 * @returns {() => void} stops watching
 */
export function watchProgress({ file, limit, onStall }) {
  let size = file ? sizeOf(file) : 0
  let since = Date.now()
  const timer = setInterval(
    () => {
      const now = file ? sizeOf(file) : 0
      if (now !== size) {
        size = now
        since = Date.now()
      } else if (Date.now() - since >= limit) {
        clearInterval(timer)
        onStall()
      }
    },
    Math.min(1000, limit / 5),
  )
  return () => clearInterval(timer)
}
