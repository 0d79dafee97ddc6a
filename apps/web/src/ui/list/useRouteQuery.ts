import { useRoute, useRouter } from 'vue-router'

/**
 * A page's state in the query: search, filters, the page of a list. Reads are reactive. An empty value removes the
 * name.
 */
export function useRouteQuery() {
  const route = useRoute()
  const router = useRouter()

  /** A value by name, '' if it is missing or repeated. */
  function read(name: string): string {
    const value = route.query[name]
    return typeof value === 'string' ? value : ''
  }
  /** A value by name if it is one of the choices, else the first choice. */
  function choice<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
    return choices.find((candidate) => candidate === read(name)) ?? choices[0]
  }
  /** Changes several values. `push` adds a history entry: for pages and dialogs, not for typed text. */
  function write(values: Record<string, string>, { push = false } = {}): Promise<unknown> {
    const query = { ...route.query, ...values }
    const kept = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''))
    return push ? router.push({ query: kept, hash: route.hash }) : router.replace({ query: kept, hash: route.hash })
  }
  return { read, choice, write }
}
