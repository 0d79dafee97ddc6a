import type { Refusal, RefusalCode, RefusalDetails } from './refusalDetails.ts'
import { sentence } from './refusalSentence.ts'

export * from './refusalDetails.ts'
export * from './refusalSentence.ts'
export * from './refusalStatus.ts'
export * from './sessionEnd.ts'

/** A refusal on its way up: thrown by any layer, turned into a status and `data.refusal` by the API's one error formatter. */
export class Refused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(sentence(refusal))
    this.name = 'Refused'
    this.refusal = refusal
  }
}

/** A `CONFLICT` to throw, about one value that has no version of its own: `theirs` is what it is now. */
export function refuseConflict(field: string, theirs: string | number | null): Refused {
  return refuse('CONFLICT', { version: null, at: null, by: null, fields: [{ field, theirs }] })
}

/** Make a refusal to throw: `throw refuse('NAME_TAKEN', { name, what: 'username' })`. */
export function refuse<C extends RefusalCode>(code: C, details: RefusalDetails[C]): Refused {
  return new Refused({ code, details } as Refusal)
}
