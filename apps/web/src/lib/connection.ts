import { readonly, ref } from 'vue'

/** A gap shorter than this, in ms, is nobody's concern: a server that restarts its stream, a change of network. */
const GRACE_MS = 700

const lost = ref(false)
let timer: ReturnType<typeof setTimeout> | undefined

/** Whether reads are being tried again because the server can't be reached. */
export const reconnecting = readonly(lost)

/** A read or the stream found no server, or one that is busy. */
export function connectionFailed(): void {
  if (lost.value || timer !== undefined) return
  timer = setTimeout(() => {
    lost.value = true
  }, GRACE_MS)
}

/** An answer came. */
export function connectionWorks(): void {
  clearTimeout(timer)
  timer = undefined
  lost.value = false
}
