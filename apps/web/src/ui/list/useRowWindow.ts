import { computed, onScopeDispose, type Ref, ref, watch } from 'vue'

/** Rows rendered outside the visible range, on each side. */
const OVERSCAN = 8

/** Which rows of a long list to render. All rows have the same height, `heightRem`. */
export function useRowWindow(scroller: Ref<HTMLElement | null>, count: () => number, heightRem: number) {
  const rowHeight = heightRem * (Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16)
  const scrollTop = ref(0)
  const height = ref(0)
  const observer = new ResizeObserver(measure)

  function measure(): void {
    scrollTop.value = scroller.value?.scrollTop ?? 0
    height.value = scroller.value?.clientHeight ?? 0
  }
  watch(
    scroller,
    (element, before) => {
      if (before) observer.unobserve(before)
      if (element) observer.observe(element)
      measure()
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => observer.disconnect())

  const first = computed(() => Math.max(0, Math.floor(scrollTop.value / rowHeight)))
  const last = computed(() => Math.min(count() - 1, Math.ceil((scrollTop.value + height.value) / rowHeight)))
  return {
    rowHeight,
    /** The visible rows. `last` is -1 in an empty list. */
    first,
    last,
    /** The rows to render. */
    from: computed(() => Math.max(0, Math.min(first.value, last.value) - OVERSCAN)),
    to: computed(() => Math.min(count() - 1, last.value + OVERSCAN)),
    measure,
    /** Scrolls a row into view. */
    show(index: number): void {
      const element = scroller.value
      if (!element) return
      const top = index * rowHeight
      if (top < element.scrollTop) element.scrollTop = top
      else if (top + rowHeight > element.scrollTop + element.clientHeight)
        element.scrollTop = top + rowHeight - element.clientHeight
      measure()
    },
  }
}
