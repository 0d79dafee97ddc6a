import { refusalOf } from '@roster/domain'
import { type Ref, shallowRef, watch } from 'vue'

interface SyncedForm {
  dirty: Ref<boolean>
  pending: Ref<boolean>
  reset: () => void
}

/**
 * The value that a form was filled from, sent with a change of role or limit. If the value changed since, the server
 * answers with a conflict; the next attempt expects the value from that answer.
 * @param current the latest value on the page
 */
export function useExpected<Value extends string | number | null>(current: () => Value) {
  const expected = shallowRef(current())
  return {
    expected,
    /** For `useForm`'s `failed`. */
    onConflict(error: unknown): false {
      const refusal = refusalOf(error)
      if (refusal?.code === 'CONFLICT') expected.value = (refusal.details.fields[0]?.theirs ?? null) as Value
      return false
    },
    /** Shows a newer value from the server, but never over unsaved input. Saving then ends in a conflict. */
    syncWith({ dirty, pending, reset }: SyncedForm, entered: () => Value): void {
      watch(current, (value) => {
        if (pending.value || (dirty.value && entered() !== value)) return
        expected.value = value
        reset()
      })
    },
  }
}
