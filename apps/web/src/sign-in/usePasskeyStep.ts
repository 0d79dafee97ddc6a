import { type Ref, ref } from 'vue'
import { passkeyFailure } from '../factor/passkeyFailure.ts'

/** Runs a passkey step and tracks its state and failure sentence. A call while one is pending does nothing. */
export function usePasskeyStep(step: () => Promise<void>): {
  run: () => Promise<void>
  pending: Ref<boolean>
  failure: Ref<string | null>
} {
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
