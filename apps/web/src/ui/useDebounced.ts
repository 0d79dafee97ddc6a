import { onScopeDispose, type Ref, readonly, ref, watch } from 'vue'

/** The value of `source` once it has stood still for `ms`: for what is typed, so that the server isn't asked at every key. */
export function useDebounced<Value extends string | number | boolean | null>(source: Ref<Value>, ms = 250): Readonly<Ref<Value>> {
  const paused = ref(source.value) as Ref<Value>
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(source, (now) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      paused.value = now
    }, ms)
  })
  onScopeDispose(() => clearTimeout(timer))
  return readonly(paused) as Readonly<Ref<Value>>
}
