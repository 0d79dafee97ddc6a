import { USER_SORTS, type UserSort } from '@roster/domain'

/** An order of the list of users: by what, and whether from its end. */
export interface UserOrder {
  sort: UserSort
  descending: boolean
}

/** Names begin with A, times with the latest. */
export function firstOrder(sort: UserSort): UserOrder {
  return { sort, descending: sort === 'created' || sort === 'lastSeen' }
}

/** How an address names an order: `lastSeen`, `-lastSeen`; nothing is by username. */
export function orderFromText(text: string): UserOrder {
  const descending = text.startsWith('-')
  const sort = USER_SORTS.find((each) => each === text.slice(descending ? 1 : 0))
  return sort ? { sort, descending } : firstOrder('username')
}
export function orderToText({ sort, descending }: UserOrder): string {
  return sort === 'username' && !descending ? '' : `${descending ? '-' : ''}${sort}`
}
