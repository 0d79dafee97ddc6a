import type { Count, Selection, UserFilter } from '@roster/domain'

/** A user as a selection remembers it: messages need the username. */
export interface SelectedUser {
  id: string
  username: string
}

/**
 * The selection in the user list: single users, or all users that match the filter, with exceptions.
 * "All matching" stays a filter: the server evaluates it when the action runs, however many users match by then.
 */
export type UserSelection =
  | { kind: 'users'; users: ReadonlyMap<string, SelectedUser> }
  | { kind: 'matching'; filter: UserFilter; except: ReadonlyMap<string, SelectedUser> }

export const EMPTY_SELECTION: UserSelection = { kind: 'users', users: new Map() }

/** Whether a listed user is selected. */
export function isSelected(selection: UserSelection, { id }: SelectedUser): boolean {
  return selection.kind === 'users' ? selection.users.has(id) : !selection.except.has(id)
}

/** The selection after selecting or deselecting these users. */
export function setSelected(
  selection: UserSelection,
  users: readonly SelectedUser[],
  selected: boolean,
): UserSelection {
  const entries = new Map(selection.kind === 'users' ? selection.users : selection.except)
  for (const { id, username } of users) {
    if (selected === (selection.kind === 'users')) entries.set(id, { id, username })
    else entries.delete(id)
  }
  return selection.kind === 'users' ? { kind: 'users', users: entries } : { ...selection, except: entries }
}

/** How many users are selected, from how many match; undefined while the latter is unknown. */
export function countSelected(selection: UserSelection, matching: Count | undefined): Count | undefined {
  if (selection.kind === 'users') return { count: selection.users.size, more: false }
  if (!matching || matching.more) return matching
  return { count: Math.max(0, matching.count - selection.except.size), more: false }
}

/** The selection without users that no longer exist. */
export function removeUsers(selection: UserSelection, ids: readonly string[]): UserSelection {
  const entries = new Map(selection.kind === 'users' ? selection.users : selection.except)
  for (const id of ids) entries.delete(id)
  return selection.kind === 'users' ? { kind: 'users', users: entries } : { ...selection, except: entries }
}

/** The selection as input of a bulk call. */
export function toSelection(selection: UserSelection): Selection {
  return selection.kind === 'users'
    ? { kind: 'ids', ids: [...selection.users.keys()] }
    : { kind: 'matching', filter: selection.filter, except: [...selection.except.keys()] }
}
