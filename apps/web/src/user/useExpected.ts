import { type Ref, shallowRef, watch } from 'vue'
import { refusalOf } from '../lib/failure.ts'

interface Followed {
  dirty: Ref<boolean>
  pending: Ref<boolean>
  reset: () => void
}

/**
 * The value that a form was filled from, which a change of role or limit sends along: when somebody changed it since, the change is refused and told,
 * and the next try goes over the value that was told.
 * @param now the value as it is on the page now
 */
export function useExpected<Value extends string | number | null>(now: () => Value) {
  const expected = shallowRef(now())
  return {
    expected,
    /** For `useForm`'s `failed`. */
    learn(error: unknown): false {
      const refusal = refusalOf(error)
      if (refusal?.code === 'CONFLICT') expected.value = (refusal.details.fields[0]?.theirs ?? null) as Value
      return false
    },
    /** Somebody else's change shows at once, but never over what is chosen here; that is settled on saving. */
    follow({ dirty, pending, reset }: Followed, held: () => Value): void {
      watch(now, (value) => {
        if (pending.value || (dirty.value && held() !== value)) return
        expected.value = value
        reset()
      })
    },
  }
}
