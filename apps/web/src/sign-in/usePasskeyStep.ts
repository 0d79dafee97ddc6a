import { type Ref, ref } from 'vue'
import { passkeyFailure } from '../factor/passkeyFailure.ts'

/** A step that a passkey takes: whether it is under way, and what went wrong, in words. A second press while one is under way does nothing. */
export function usePasskeyStep(step: () => Promise<void>): { run: () => Promise<void>; pending: Ref<boolean>; failure: Ref<string | null> } {
  const pending = ref(false)
  const failure = ref<string | null>(null)
  async function run(): Promise<void> {
    if (pending.value) return
    pending.value = true
    failure.value = null
    try {
      await step()
    } catch (error) {
      failure.value = passkeyFailure(error)
    } finally {
      pending.value = false
    }
  }
  return { run, pending, failure }
}
