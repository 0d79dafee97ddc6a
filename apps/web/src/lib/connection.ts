import { readonly, ref } from 'vue'

const lost = ref(false)

/** Whether reads are being tried again because the server can't be reached. */
export const reconnecting = readonly(lost)

/** A read found no server, or one that is busy. */
export function connectionFailed(): void {
  lost.value = true
}

/** An answer came. */
export function connectionWorks(): void {
  lost.value = false
}
