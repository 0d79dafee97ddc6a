import { id as idSchema } from '@roster/domain'
import { defineStore } from 'pinia'
import { ref } from 'vue'

const KEY = 'roster-organization'

/**
 * The organization that an administrator filters by, stored in this browser; null for all. A list's address takes
 * precedence.
 */
export const useChosenOrganization = defineStore('chosen-organization', () => {
  const id = ref<string | null>(idSchema.safeParse(read()).data ?? null)

  function choose(next: string | null): void {
    id.value = next
    write(next)
  }
  return { id, choose }
})

// A browser may block storage; the choice then lasts until the page is closed.
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
