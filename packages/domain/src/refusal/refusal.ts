import { englishFormat, type ValueFormat } from '../text/valueFormat.ts'
import { REFUSALS } from './refusalCatalogue.ts'

export * from '../session/sessionEnd.ts'

type Catalogue = typeof REFUSALS
export type RefusalCode = keyof Catalogue
/** What each refusal carries: the data that its sentence is made of. */
export type RefusalDetails = { [C in RefusalCode]: Parameters<Catalogue[C]['english']>[0] }
/** Why a call was refused, as data: the code and its details. */
export type Refusal = { [C in RefusalCode]: { code: C; details: RefusalDetails[C] } }[RefusalCode]

/** The HTTP status of each refusal. */
export const REFUSAL_STATUS = Object.fromEntries(
  Object.entries(REFUSALS).map(([code, { status }]) => [code, status]),
) as {
  readonly [C in RefusalCode]: Catalogue[C]['status']
}

/** Whether this version knows a refusal code. A newer server may send others. */
export function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(REFUSALS, code)
}

/**
 * The English sentence of a refusal. The API and the command line use it as it is; the console passes the formats of
 * its reader. A code of a newer server has a general sentence.
 */
export function sentence<C extends RefusalCode>(
  refusal: { code: C; details: RefusalDetails[C] },
  format?: Partial<ValueFormat>,
): string {
  if (!isRefusalCode(refusal.code))
    return `The server refused this (${String(refusal.code)}). Update to a newer version, or reload the page.`
  const english = REFUSALS[refusal.code].english as (details: RefusalDetails[C], format: ValueFormat) => string
  return english(refusal.details, { ...englishFormat(), ...format })
}

/**
 * A refusal as an error: any layer throws it, and the API's error formatter turns it into a status and `data.refusal`.
 */
export class Refused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(sentence(refusal))
    this.name = 'Refused'
    this.refusal = refusal
  }
}

/** Creates a refusal to throw: `throw refuse('NAME_TAKEN', { name, what: 'username' })`. */
export function refuse<C extends RefusalCode>(code: C, details: RefusalDetails[C]): Refused {
  return new Refused({ code, details } as Refusal)
}

/** Creates a `CONFLICT` to throw, about one value that has no version of its own. `theirs`: what the value is now. */
export function refuseConflict(field: string, theirs: string | number | null): Refused {
  return refuse('CONFLICT', { version: null, at: null, by: null, fields: [{ field, theirs }] })
}

/**
 * Requires that a value, or its version, is still the one that the caller saw; undefined requires nothing. `theirs`:
 * what the conflict shows, when the value is a version.
 * @throws CONFLICT with what the value is now
 */
export function requireExpected<T extends string | number | null>(
  field: string,
  expected: T | undefined,
  now: T,
  theirs: string | number | null = now,
): void {
  if (expected !== undefined && expected !== now) throw refuseConflict(field, theirs)
}
