import { onScopeDispose, type Ref, readonly, ref, watch } from 'vue'

/** Follows `source` once it has not changed for `ms`, so that typing doesn't cause a request per key. */
export function useDebounced<Value extends string | number | boolean | null>(
  source: Ref<Value>,
  ms = 250,
): Readonly<Ref<Value>> {
  const debounced = ref(source.value) as Ref<Value>
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(source, (now) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      debounced.value = now
    }, ms)
  })
  onScopeDispose(() => clearTimeout(timer))
  return readonly(debounced) as Readonly<Ref<Value>>
}
