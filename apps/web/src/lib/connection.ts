import { readonly, ref } from 'vue'

/** Shorter gaps, in ms, show no banner: a restarted stream, a change of network. */
const GRACE_MS = 700

const lost = ref(false)
let timer: ReturnType<typeof setTimeout> | undefined

/** Whether reads are retried because the server can't be reached. */
export const reconnecting = readonly(lost)

/** Reports a read or a stream that found no server, or a busy one. */
export function connectionFailed(): void {
  if (lost.value || timer !== undefined) return
  timer = setTimeout(() => {
    lost.value = true
  }, GRACE_MS)
}

/** Reports an answer. */
export function connectionWorks(): void {
  clearTimeout(timer)
  timer = undefined
  lost.value = false
}
