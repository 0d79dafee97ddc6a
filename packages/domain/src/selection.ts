import * as z from 'zod'
import { ids } from './id.ts'
import { problem } from './refusal/fieldProblem.ts'
import type { Count } from './user/user.ts'

/** The most filters that one selection combines. */
export const SELECTION_FILTERS_MAX = 20

/**
 * Users as a call selects them: ids, or all who match one of the filters. The latter has exceptions, and can name
 * further users by id. "All matching" goes with the token of a preview, because the matches change.
 */
export function selectionOf<Filter extends z.ZodType>(filter: Filter) {
  return z.union([
    ids.transform((list) => ({ ids: list, matching: [] as z.output<Filter>[], except: [] as string[] })),
    z.strictObject({
      matching: z
        .array(filter)
        .min(1)
        .max(SELECTION_FILTERS_MAX, { error: problem('TOO_MANY', { max: SELECTION_FILTERS_MAX }) }),
      ids: ids.default([]),
      except: ids.default([]),
    }),
  ])
}

/** A selection as the server reads it. Without `matching` it consists of ids. */
export interface SelectedUsers<Filter> {
  ids: string[]
  matching: Filter[]
  except: string[]
}
/** A selection as a call takes it. */
export type SelectionInput<Filter> =
  | string[]
  | { matching: Filter[]; ids?: string[] | undefined; except?: string[] | undefined }

/**
 * A selection as a list keeps it: with the users, because messages need their names. It never changes, so keeping an
 * earlier one allows Undo. Whether a user matches is the server's answer: no list searches by itself.
 */
export interface Selection<Filter, User extends { id: string }> {
  readonly users: ReadonlyMap<string, User>
  readonly matching: readonly Filter[]
  readonly except: ReadonlyMap<string, User>
}

/** The selection of no user. */
export function emptySelection<Filter, User extends { id: string }>(): Selection<Filter, User> {
  return { users: new Map(), matching: [], except: new Map() }
}

/** Whether nothing is selected, and nothing excluded. */
export function isEmptySelection({ users, matching, except }: Selection<unknown, { id: string }>): boolean {
  return users.size + matching.length + except.size === 0
}

/** Whether a user is selected. `matches`: whether they are without being selected by hand. */
export function isSelected(
  { users, except }: Selection<unknown, { id: string }>,
  { id }: { id: string },
  matches: boolean,
): boolean {
  return users.has(id) || (matches && !except.has(id))
}

/** Selects or deselects users by hand. A user who is selected or not without that is neither kept nor excluded. */
export function setSelected<Filter, User extends { id: string }>(
  selection: Selection<Filter, User>,
  changed: readonly User[],
  selected: boolean,
  matches: (user: User) => boolean,
): Selection<Filter, User> {
  const [users, except] = [new Map(selection.users), new Map(selection.except)]
  for (const user of changed) {
    users.delete(user.id)
    except.delete(user.id)
    if (matches(user) !== selected) (selected ? users : except).set(user.id, user)
  }
  return { ...selection, users, except }
}

/** Adds all who match a filter. `matched`: the excluded users among them, who are selected again. */
export function selectMatching<Filter, User extends { id: string }>(
  selection: Selection<Filter, User>,
  filter: Filter,
  matched: readonly string[] = [],
): Selection<Filter, User> {
  const key = JSON.stringify(filter)
  const others = selection.matching.filter((each) => JSON.stringify(each) !== key)
  return { ...selection, matching: [...others, filter], except: without(selection.except, matched) }
}

/** Removes users who no longer exist. */
export function removeUsers<Filter, User extends { id: string }>(
  selection: Selection<Filter, User>,
  gone: readonly string[],
): Selection<Filter, User> {
  return { ...selection, users: without(selection.users, gone), except: without(selection.except, gone) }
}

/** Replaces users by their newer rows. The same selection when none of its users has changed. */
export function refreshUsers<Filter, User extends { id: string }>(
  selection: Selection<Filter, User>,
  rows: readonly User[],
): Selection<Filter, User> {
  const newer = rows.filter((row) => {
    const known = selection.users.get(row.id) ?? selection.except.get(row.id)
    return known !== undefined && JSON.stringify(known) !== JSON.stringify(row)
  })
  if (newer.length === 0) return selection
  const [users, except] = [new Map(selection.users), new Map(selection.except)]
  for (const row of newer) (users.has(row.id) ? users : except).set(row.id, row)
  return { ...selection, users, except }
}

/** How many users are selected, from how many match; undefined while that is unknown. */
export function countSelected(
  { users, matching, except }: Selection<unknown, { id: string }>,
  total: Count | undefined,
): Count | undefined {
  if (matching.length === 0) return { count: users.size, more: false }
  if (!total || total.more) return total
  return { count: Math.max(0, total.count - except.size) + users.size, more: false }
}

/** A selection as the input of a call. */
export function toSelectionInput<Filter>({
  users,
  matching,
  except,
}: Selection<Filter, { id: string }>): SelectionInput<Filter> {
  if (matching.length === 0) return [...users.keys()]
  return { matching: [...matching], ids: [...users.keys()], except: [...except.keys()] }
}

function without<User>(users: ReadonlyMap<string, User>, ids: readonly string[]): ReadonlyMap<string, User> {
  const rest = new Map(users)
  for (const id of ids) rest.delete(id)
  return rest
}
