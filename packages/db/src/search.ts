import { searchKey } from '@roster/domain'
import { Prisma } from './generated/client.ts'

/** From so many characters a search looks anywhere in a text; shorter ones look at its beginning, since an index can't help with them. */
const ANYWHERE_FROM = 3

/** A search text as a condition on users `u`; undefined when there is nothing to search for. */
export function userSearch(text: string | undefined): Prisma.Sql | undefined {
  return condition(text, Prisma.sql`u."searchKey"`, [Prisma.sql`u."username"`, Prisma.sql`u."displayNameKey"`])
}

/** A search text as a condition on workspaces `w`; undefined when there is nothing to search for. */
export function workspaceSearch(text: string | undefined): Prisma.Sql | undefined {
  return condition(text, Prisma.sql`w."nameKey"`, [Prisma.sql`w."nameKey"`])
}

/** A search text as a condition on organizations `o`; undefined when there is nothing to search for. */
export function organizationSearch(text: string | undefined): Prisma.Sql | undefined {
  return condition(text, Prisma.sql`o."nameKey"`, [Prisma.sql`o."nameKey"`])
}

function condition(text: string | undefined, anywhere: Prisma.Sql, beginnings: readonly Prisma.Sql[]): Prisma.Sql | undefined {
  const key = searchKey(text ?? '')
  if (key === '') return undefined
  // No text of the database holds this character, and it takes none as a parameter.
  if (key.includes('\0')) return Prisma.sql`FALSE`
  const pattern = key.replace(/[\\%_]/gu, '\\$&')
  // Twice, because one condition is held to match far more than a name does: a page is then read along the sort's index, through tens of thousands of rows,
  // instead of from the index that knows the few. What really matches many is still read along the sort's index, whose first rows suffice.
  if ([...key].length >= ANYWHERE_FROM) return Prisma.sql`${anywhere} LIKE ${`%${pattern}%`} AND ${anywhere} LIKE ${`%${pattern}%`}`
  return Prisma.sql`(${Prisma.join(
    beginnings.map((column) => Prisma.sql`${column} LIKE ${`${pattern}%`}`),
    ' OR ',
  )})`
}
