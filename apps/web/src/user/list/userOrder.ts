import { USER_SORTS, type UserSort } from '@roster/domain'

/** The order of the user list. */
export interface UserOrder {
  sort: UserSort
  descending: boolean
}

/** The order when a column is chosen: names from A, dates from the latest. */
export function defaultOrder(sort: UserSort): UserOrder {
  return { sort, descending: sort === 'created' || sort === 'lastSeen' }
}

/** Parses the `sort` parameter: `lastSeen`, `-lastSeen`; an empty or unknown one means by username. */
export function parseOrder(text: string): UserOrder {
  const descending = text.startsWith('-')
  const sort = USER_SORTS.find((each) => each === text.slice(descending ? 1 : 0))
  return sort ? { sort, descending } : defaultOrder('username')
}

/** Formats an order as the `sort` parameter. */
export function formatOrder({ sort, descending }: UserOrder): string {
  return sort === 'username' && !descending ? '' : `${descending ? '-' : ''}${sort}`
}
