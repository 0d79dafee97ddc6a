import { id as shape } from '@roster/domain'
import { defineStore } from 'pinia'
import { ref } from 'vue'

const KEY = 'roster-organization'

/** The organization that an administrator looks at, as this browser remembers it; null: all of them. The lists' addresses go before it. */
export const useChosenOrganization = defineStore('chosen-organization', () => {
  const id = ref<string | null>(shape.safeParse(read()).data ?? null)

  function choose(next: string | null): void {
    id.value = next
    write(next)
  }
  return { id, choose }
})

// A browser may forbid storage; the choice then lasts as long as the page.
function read(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}
function write(next: string | null): void {
  try {
    if (next === null) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, next)
  } catch {
    return
  }
}
