import * as z from 'zod'
import { problem } from './refusal/fieldProblem.ts'

/** An id: a UUID in lower case. */
export const id = z.uuid({ error: problem('INVALID_ID') }).toLowerCase()

/** At most 10,000 ids, the bound of one call. Repeats are dropped. */
export const ids = z
  .array(id)
  .max(10_000, { error: problem('TOO_MANY', { max: 10_000 }) })
  .transform((list) => [...new Set(list)])
