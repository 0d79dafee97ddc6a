import type { Page } from '@roster/domain'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { useRouteQuery } from './useRouteQuery.ts'

/** Query values that lead to the first page, for each change of a filter. */
export const FIRST_PAGE = { after: '', before: '' } as const

/** The page of a keyset list, kept in the query. */
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
