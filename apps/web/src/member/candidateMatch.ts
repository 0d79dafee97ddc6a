import { type CandidateFilter, type CandidateRow, searchKey } from '@roster/domain'

/** A choice of people by text and role; whether they are members is asked apart. */
export type CandidateMatch = Pick<CandidateFilter, 'search' | 'role'>

/** From so many characters the server looks anywhere in a text; shorter ones are compared with its beginning. */
const ANYWHERE_FROM = 3

type UserSummary = Pick<CandidateRow, 'username' | 'displayName' | 'role'>

/** Whether the server, asked by this filter, would find this person. */
export function matchesFilter({ username, displayName, role }: UserSummary, filter: CandidateMatch): boolean {
  if (filter.role?.length && !filter.role.includes(role)) return false
  const wanted = searchKey(filter.search ?? '')
  if (wanted === '') return true
  // As the database keeps it: a search never runs over from one name into the other.
  if ([...wanted].length >= ANYWHERE_FROM) return `${searchKey(username)}\n${searchKey(displayName ?? '')}`.includes(wanted)
  return username.startsWith(wanted) || searchKey(displayName ?? username).startsWith(wanted)
}

/** Whether everybody whom `inner` finds is surely found by `outer` too. */
export function covers(outer: CandidateMatch, inner: CandidateMatch): boolean {
  const outerRoles = outer.role ?? []
  const innerRoles = inner.role ?? []
  if (outerRoles.length > 0 && (innerRoles.length === 0 || !innerRoles.every((role) => outerRoles.includes(role)))) return false
  const [wide, narrow] = [searchKey(outer.search ?? ''), searchKey(inner.search ?? '')]
  if (wide === '' || wide === narrow) return true
  const [wideLength, narrowLength] = [[...wide].length, [...narrow].length]
  // Two beginnings, or two contained texts; a text found in the middle says nothing of a beginning.
  if (wideLength < ANYWHERE_FROM) return narrowLength < ANYWHERE_FROM && narrow.startsWith(wide)
  return narrowLength >= ANYWHERE_FROM && narrow.includes(wide)
}
