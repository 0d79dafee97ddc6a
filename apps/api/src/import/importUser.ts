import type { ImportCells } from '@roster/db'
import {
  caseless,
  fieldIssues,
  IMPORT_FIELDS,
  type ImportField,
  type ImportUser,
  importUser,
  type Refusal,
  ROLE_NAME,
  type Role,
  searchKey,
} from '@roster/domain'

/** Longer cells are cut: validation refuses them anyway, and the result shows them. Characters. */
const CELL_MAX = 5_000

const ROLE_WORDS: Record<string, Role> = {
  administrator: 'administrator',
  admin: 'administrator',
  manager: 'manager',
  default: 'default',
  user: 'default',
  benutzer: 'default',
  standardbenutzer: 'default',
  [searchKey(ROLE_NAME.default)]: 'default',
  '': 'default',
}

/** Maps a row's cells to fields. */
export function mapCells(row: readonly string[], columns: readonly (ImportField | null)[], width: number): ImportCells {
  const cell = (field: ImportField): string => {
    const text = (row[columns.indexOf(field)] ?? '').trim()
    return text.length > CELL_MAX ? text.slice(0, CELL_MAX).toWellFormed() : text
  }
  const [username, displayName, about, role, workspaces, dailyLimit] = IMPORT_FIELDS.map((field) =>
    columns.includes(field) ? cell(field) : '',
  ) as [string, string, string, string, string, string]
  const extra = row.slice(width).filter((text) => text.trim() !== '')
  return {
    username,
    displayName,
    about,
    role,
    workspaces,
    dailyLimit,
    extra: extra.slice(0, 1).map((text) => text.slice(0, 100).toWellFormed()),
  }
}

/** Parses a row's cells by the rules of `user.create`. Returns the user, or the refusal. */
export function parseCells(cells: ImportCells): { user: ImportUser; refusal: null } | { user: null; refusal: Refusal } {
  const names = cells.workspaces.split(/[;|]/u).map((name) => name.trim())
  const parsed = importUser.safeParse({
    username: cells.username,
    displayName: cells.displayName,
    about: cells.about,
    role: ROLE_WORDS[searchKey(cells.role)] ?? cells.role,
    dailyLimit:
      cells.dailyLimit === '' ? null : /^\d{1,9}$/u.test(cells.dailyLimit) ? Number(cells.dailyLimit) : Number.NaN,
    workspaces: [...new Map(names.filter((name) => name !== '').map((name) => [caseless(name), name])).values()],
    extra: cells.extra,
  })
  if (parsed.success) return { user: parsed.data, refusal: null }
  return { user: null, refusal: { code: 'BAD_INPUT', details: { issues: fieldIssues(parsed.error) } } }
}
