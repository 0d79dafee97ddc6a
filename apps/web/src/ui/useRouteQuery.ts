import { useRoute, useRouter } from 'vue-router'

/** What a page keeps in its address: search, filters, the page of a list. Reads are reactive; an empty value leaves the address. */
export function useRouteQuery() {
  const route = useRoute()
  const router = useRouter()

  /** The value of a name; '' when it isn't there (or is there twice). */
  function read(name: string): string {
    const value = route.query[name]
    return typeof value === 'string' ? value : ''
  }
  /** The value of a name if it is one of these, else the first of them. */
  function choice<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
    return choices.find((each) => each === read(name)) ?? choices[0]
  }
  /** Changes several at once. `push` leaves a step to go back to: for pages and dialogs, not for what is typed. */
  function write(values: Record<string, string>, { push = false } = {}): Promise<unknown> {
    const query = { ...route.query, ...values }
    const kept = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''))
    return push ? router.push({ query: kept, hash: route.hash }) : router.replace({ query: kept, hash: route.hash })
  }
  return { read, choice, write }
}
