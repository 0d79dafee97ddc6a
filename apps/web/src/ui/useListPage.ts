import type { Page } from '@roster/domain'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { useRouteQuery } from './useRouteQuery.ts'

/** What a change of filter puts into the address, so that it starts at the first page. */
export const FIRST_PAGE = { after: '', before: '' } as const

/** The page of a list, by its key, kept in the address. */
export function useListPage(size: MaybeRefOrGetter<25 | 50>) {
  const { read, write } = useRouteQuery()
  const page = computed<Page>(() => {
    const after = read('after')
    const before = read('before')
    if (after) return { size: toValue(size), after }
    return before ? { size: toValue(size), before } : { size: toValue(size) }
  })
  return {
    page,
    forward: (after: string) => write({ ...FIRST_PAGE, after }, { push: true }),
    backward: (before: string) => write({ ...FIRST_PAGE, before }, { push: true }),
  }
}
