import * as z from 'zod'

/** An id: a UUID in lower case. */
export const id = z.uuid({ error: 'This is not an id.' }).toLowerCase()

/** At most 10,000 ids, the bound of one call. Repeats are dropped. */
export const ids = z
  .array(id)
  .max(10_000, { error: 'At most 10,000 at once.' })
  .transform((list) => [...new Set(list)])
