import { searchKey } from '@roster/domain'
import { Prisma } from '../generated/client.ts'

/**
 * From this many characters a search matches anywhere in a text. A shorter one matches prefixes, since no index helps
 * it.
 */
const CONTAINS_MIN_LENGTH = 3

/** A search text as a condition on users `u`; undefined for an empty one. */
export function userSearch(text: string | undefined): Prisma.Sql | undefined {
  return condition(text, Prisma.sql`u."searchKey"`, [Prisma.sql`u."username"`, Prisma.sql`u."displayNameKey"`])
}

/** A search text as a condition on workspaces `w`; undefined for an empty one. */
export function workspaceSearch(text: string | undefined): Prisma.Sql | undefined {
  return condition(text, Prisma.sql`w."nameKey"`, [Prisma.sql`w."nameKey"`])
}

/** A search text as a condition on organizations `o`; undefined for an empty one. */
export function organizationSearch(text: string | undefined): Prisma.Sql | undefined {
  return condition(text, Prisma.sql`o."nameKey"`, [Prisma.sql`o."nameKey"`])
}

function condition(
  text: string | undefined,
  containsColumn: Prisma.Sql,
  prefixColumns: readonly Prisma.Sql[],
): Prisma.Sql | undefined {
  const key = searchKey(text ?? '')
  if (key === '') return undefined
  // PostgreSQL stores no NUL, and refuses it in a parameter.
  if (key.includes('\0')) return Prisma.sql`FALSE`
  const pattern = key.replace(/[\\%_]/gu, '\\$&')
  // The condition comes twice to lower the planner's estimate. With one, it expects too many matches and scans tens of
  // thousands of rows in sort order. With two, it uses the search index. A search that really matches many rows still
  // uses the sort order, where the first rows are enough.
  if ([...key].length >= CONTAINS_MIN_LENGTH)
    return Prisma.sql`${containsColumn} LIKE ${`%${pattern}%`} AND ${containsColumn} LIKE ${`%${pattern}%`}`
  return Prisma.sql`(${Prisma.join(
    prefixColumns.map((column) => Prisma.sql`${column} LIKE ${`${pattern}%`}`),
    ' OR ',
  )})`
}
