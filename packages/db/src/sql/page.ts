import { fieldIssue, type Page, type Paged, refuse } from '@roster/domain'
import * as z from 'zod'

/** Where a page begins or ends: the sort value and the id of a row. */
export interface Cursor {
  value: string
  id: string
}

// The longest name fits, even where folding lengthens it. PostgreSQL stores no NUL in a text.
const cursor = z.strictObject({
  v: z
    .string()
    .max(4_000)
    .refine((text) => !text.includes('\0')),
  i: z.uuid(),
})

/** An opaque cursor that fits in an address. */
export function encodeCursor({ value, id }: Cursor): string {
  return Buffer.from(JSON.stringify({ v: value, i: id })).toString('base64url')
}

/** A cursor that a client sent back. @throws BAD_INPUT when it is invalid */
export function decodeCursor(text: string, field: 'after' | 'before'): Cursor {
  try {
    const { v, i } = cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    return { value: v, id: i }
  } catch {
    throw invalidCursor(field)
  }
}

/** The refusal of an invalid cursor, or of one from another order. */
export function invalidCursor(field: 'after' | 'before') {
  return refuse('BAD_INPUT', { issues: [fieldIssue(['page', field], 'INVALID_CURSOR')] })
}

/** Which rows a page has. `backward` reads in the opposite order; `toPaged` reverses the rows. */
export interface PageQuery {
  size: number
  backward: boolean
  from: Cursor | undefined
}

/** The query of a page's input. @throws BAD_INPUT for a cursor that is not one */
export function toPageQuery(page: Page & { size: number }): PageQuery {
  if (page.after !== undefined) return { size: page.size, backward: false, from: decodeCursor(page.after, 'after') }
  if (page.before !== undefined) return { size: page.size, backward: true, from: decodeCursor(page.before, 'before') }
  return { size: page.size, backward: page.last === true, from: undefined }
}

/** A page from `size + 1` rows in the query's direction. `key` gives a row's position in the order. */
export function toPaged<Row, Out>(
  rows: readonly Row[],
  query: PageQuery,
  key: (row: Row) => Cursor,
  out: (row: Row) => Out,
): Paged<Out> {
  const more = rows.length > query.size
  const page = rows.slice(0, query.size)
  if (query.backward) page.reverse()
  const first = page[0]
  const last = page.at(-1)
  const hasBefore = query.backward ? more : query.from !== undefined
  const hasAfter = query.backward ? query.from !== undefined : more
  return {
    rows: page.map(out),
    before: first && hasBefore ? encodeCursor(key(first)) : null,
    after: last && hasAfter ? encodeCursor(key(last)) : null,
  }
}
