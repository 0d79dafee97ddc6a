import type { Count, Selection, UserFilter } from '@roster/domain'

/** Somebody whose box was ticked or cleared by hand, with the name to speak of them by. */
export interface Named {
  id: string
  username: string
}

/**
 * Who is selected in the list: people ticked one by one, or all who match the list's filter but some. The second is never a list of people: the
 * server finds them by the filter when something is done to them, however many there are and whoever came to match meanwhile.
 */
export type UserSelection = { kind: 'picked'; users: ReadonlyMap<string, Named> } | { kind: 'matching'; filter: UserFilter; except: ReadonlyMap<string, Named> }

export const NOBODY: UserSelection = { kind: 'picked', users: new Map() }

/** Whether a person is selected, given that they are in the list. */
export function isSelected(selection: UserSelection, { id }: Named): boolean {
  return selection.kind === 'picked' ? selection.users.has(id) : !selection.except.has(id)
}

/** Ticks these people's boxes, or clears them. */
export function pick(selection: UserSelection, users: readonly Named[], on: boolean): UserSelection {
  const named = new Map(selection.kind === 'picked' ? selection.users : selection.except)
  for (const { id, username } of users) {
    if (on === (selection.kind === 'picked')) named.set(id, { id, username })
    else named.delete(id)
  }
  return selection.kind === 'picked' ? { kind: 'picked', users: named } : { ...selection, except: named }
}

/** How many are selected, given how many match; undefined while that isn't known. */
export function sizeOf(selection: UserSelection, matching: Count | undefined): Count | undefined {
  if (selection.kind === 'picked') return { count: selection.users.size, more: false }
  if (!matching || matching.more) return matching
  return { count: Math.max(0, matching.count - selection.except.size), more: false }
}

/** Forgets people who are not there any more. */
export function without(selection: UserSelection, ids: readonly string[]): UserSelection {
  const named = new Map(selection.kind === 'picked' ? selection.users : selection.except)
  for (const id of ids) named.delete(id)
  return selection.kind === 'picked' ? { kind: 'picked', users: named } : { ...selection, except: named }
}

/** The selection as a bulk call takes it. */
export function toSelection(selection: UserSelection): Selection {
  return selection.kind === 'picked'
    ? { kind: 'ids', ids: [...selection.users.keys()] }
    : { kind: 'matching', filter: selection.filter, except: [...selection.except.keys()] }
}
