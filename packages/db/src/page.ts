import { type Page, type Paged, refuse } from '@roster/domain'
import * as z from 'zod'

/** Where a page begins or ends: the sort value and id of a row. */
export interface Cursor {
  value: string
  id: string
}

// The longest name that folding makes longer still fits; the character left out is one no text of the database can hold.
const cursor = z.strictObject({
  v: z
    .string()
    .max(4_000)
    .refine((text) => !text.includes('\0')),
  i: z.uuid(),
})

/** An opaque cursor, as it stands in an address. */
export function encodeCursor({ value, id }: Cursor): string {
  return Buffer.from(JSON.stringify({ v: value, i: id })).toString('base64url')
}

/** A cursor that a client sent back. @throws BAD_INPUT when it is none of ours */
export function decodeCursor(text: string, field: 'after' | 'before'): Cursor {
  try {
    const { v, i } = cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    return { value: v, id: i }
  } catch {
    throw notACursor(field)
  }
}

/** The refusal of a cursor that is none, or none of this order. */
export function notACursor(field: 'after' | 'before') {
  return refuse('BAD_INPUT', { issues: [{ path: ['page', field], rule: 'cursor', message: 'This page can’t be found. Start from the first.' }] })
}

/** Which way a page is read, and from where: `backward` reads in the opposite order and is turned round by `toPaged`. */
export interface Reading {
  size: number
  backward: boolean
  from: Cursor | undefined
}

/** Reads a page's input. */
export function reading(page: Page & { size: number }): Reading {
  if (page.after !== undefined) return { size: page.size, backward: false, from: decodeCursor(page.after, 'after') }
  if (page.before !== undefined) return { size: page.size, backward: true, from: decodeCursor(page.before, 'before') }
  return { size: page.size, backward: page.last === true, from: undefined }
}

/** A page from `size + 1` rows read in the reading's direction; `key` is a row's place in the order. */
export function toPaged<Row, Out>(rows: readonly Row[], how: Reading, key: (row: Row) => Cursor, out: (row: Row) => Out): Paged<Out> {
  const more = rows.length > how.size
  const page = rows.slice(0, how.size)
  if (how.backward) page.reverse()
  const first = page[0]
  const last = page.at(-1)
  const hasBefore = how.backward ? more : how.from !== undefined
  const hasAfter = how.backward ? how.from !== undefined : more
  return {
    rows: page.map(out),
    before: first && hasBefore ? encodeCursor(key(first)) : null,
    after: last && hasAfter ? encodeCursor(key(last)) : null,
  }
}
