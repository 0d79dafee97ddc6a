import { onBeforeUnmount, onMounted } from 'vue'
import { isLeaving } from '../../lib/signInRedirect.ts'

/** Lets the browser ask before it closes or reloads a page with unsaved changes. After a sign-out it doesn't ask. */
export function useUnloadGuard(losesChanges: () => boolean): void {
  function confirmUnload(event: BeforeUnloadEvent): void {
    if (losesChanges() && !isLeaving()) event.preventDefault()
  }
  onMounted(() => addEventListener('beforeunload', confirmUnload))
  onBeforeUnmount(() => removeEventListener('beforeunload', confirmUnload))
}
