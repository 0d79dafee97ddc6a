import { readonly, ref } from 'vue'

const now = ref(Date.now())
let ticking = false

/** The current time in ms, for relative times. It advances every 30 seconds while the page is visible. */
export function useNow() {
  if (!ticking) {
    ticking = true
    setInterval(() => {
      if (!document.hidden) now.value = Date.now()
    }, 30_000)
  }
  return readonly(now)
}
