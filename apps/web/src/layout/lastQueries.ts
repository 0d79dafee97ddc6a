import type { LocationQuery, RouteLocationNormalizedLoaded, RouteLocationRaw, Router } from 'vue-router'

/** Open dialogs and the chosen organization are no part of a list's search. */
const LEFT_OUT: ReadonlySet<string> = new Set(['add', 'new', 'invite', 'manage', 'organization'])

const queries = new Map<string, LocationQuery>()

/** Remembers the search, filters and page of a list, by its path. */
export function rememberQuery({ path, query }: RouteLocationNormalizedLoaded): void {
  queries.set(path, Object.fromEntries(Object.entries(query).filter(([name]) => !LEFT_OUT.has(name))))
}

/** The location with its last query. A breadcrumb then leads back to the list as it was. */
export function withLastQuery(router: Router, to: RouteLocationRaw): RouteLocationRaw {
  const { path } = router.resolve(to)
  return { path, query: queries.get(path) ?? {} }
}
