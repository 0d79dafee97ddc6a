import { onBeforeUnmount, onMounted } from 'vue'
import { isLeaving } from '../lib/signInRedirect.ts'

/** The browser asks before it closes or reloads the page while something would be lost by it. Who is signed out isn't asked: there is nothing to go back to. */
export function useUnloadGuard(loses: () => boolean): void {
  function ask(event: BeforeUnloadEvent): void {
    if (loses() && !isLeaving()) event.preventDefault()
  }
  onMounted(() => addEventListener('beforeunload', ask))
  onBeforeUnmount(() => removeEventListener('beforeunload', ask))
}
