import { type CandidateFilter, type CandidateRow, searchKey } from '@roster/domain'

/** A filter by text and role; membership is filtered separately. */
export type CandidateMatch = Pick<CandidateFilter, 'search' | 'role'>

/** From this length on, the server searches anywhere in a text; it compares a shorter term with the beginning. */
const CONTAINS_FROM = 3

type UserSummary = Pick<CandidateRow, 'username' | 'displayName' | 'role'>

/** Whether the server would return this user for the filter. */
export function matchesFilter({ username, displayName, role }: UserSummary, filter: CandidateMatch): boolean {
  if (filter.role?.length && !filter.role.includes(role)) return false
  const term = searchKey(filter.search ?? '')
  if (term === '') return true
  // The line break keeps a match from spanning both names, as in the database.
  if ([...term].length >= CONTAINS_FROM) return `${searchKey(username)}\n${searchKey(displayName ?? '')}`.includes(term)
  return username.startsWith(term) || searchKey(displayName ?? username).startsWith(term)
}

/** Whether `outer` is certain to match every user that `inner` matches. */
export function covers(outer: CandidateMatch, inner: CandidateMatch): boolean {
  const outerRoles = outer.role ?? []
  const innerRoles = inner.role ?? []
  if (outerRoles.length > 0 && (innerRoles.length === 0 || !innerRoles.every((role) => outerRoles.includes(role))))
    return false
  const [wide, narrow] = [searchKey(outer.search ?? ''), searchKey(inner.search ?? '')]
  if (wide === '' || wide === narrow) return true
  const [wideLength, narrowLength] = [[...wide].length, [...narrow].length]
  // Prefixes compare with prefixes, contained texts with contained texts: a match in the middle implies no prefix.
  if (wideLength < CONTAINS_FROM) return narrowLength < CONTAINS_FROM && narrow.startsWith(wide)
  return narrowLength >= CONTAINS_FROM && narrow.includes(wide)
}
