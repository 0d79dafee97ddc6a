import { readonly, ref } from 'vue'

const now = ref(Date.now())
let ticking = false

/** The time in ms, for what is shown relative to it; moves on every half minute while anybody looks. */
export function useNow() {
  if (!ticking) {
    ticking = true
    setInterval(() => {
      if (!document.hidden) now.value = Date.now()
    }, 30_000)
  }
  return readonly(now)
}
