import { encodeCursor } from '@roster/db'
import { type GuardedProcedure, PROCEDURE_ACTION, PUBLIC_PROCEDURES } from '@roster/domain'
import fc from 'fast-check'
import { fieldsOf, GONE, withValue } from './fields.ts'
import type { Procedure } from './send.ts'
import { type Given, validInputs } from './validInputs.ts'

/** A call of any procedure with any input. */
export type AnyCall = fc.Arbitrary<{ procedure: Procedure; input: unknown }>

// Calls that end the caller's own session or hash are gone through elsewhere.
const LEFT_OUT: readonly Procedure[] = ['changes.subscribe', 'session.signOut', 'session.changePassword', 'session.signIn', 'user.setPassword']
const PROCEDURES = [...(Object.keys(PROCEDURE_ACTION) as GuardedProcedure[]), ...PUBLIC_PROCEDURES].filter((name) => !LEFT_OUT.includes(name))

const nasty = fc.constantFrom(
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'a\udc00',
  '\u202e',
  '%',
  '_',
  '\\',
  '\'; DROP TABLE "user"; --',
  '🙂'.repeat(101),
  'İ',
  'ß',
  '__proto__',
  '-infinity',
  'NaN',
  '1e999',
)
/** Any JSON at all, for any procedure. */
export const anyJson: AnyCall = fc.record({ procedure: fc.constantFrom(...PROCEDURES), input: fc.jsonValue() })

/** A procedure's valid input with some of its fields replaced by anything, known ids among it. */
export function spoiledInput(given: Given): AnyCall {
  const ids = fc.constantFrom(given.user.id, given.workspace.id, given.organizationId, given.user.id.toUpperCase(), '00000000-0000-0000-0000-000000000000')
  const cursors = fc.record({
    value: fc.oneof(
      fc.string({ unit: 'binary' }),
      nasty,
      fc.date().map(String),
      fc.constantFrom('0000-01-01T00:00:00.000Z', '+275760-09-13T00:00:00.000Z', '2026-02-30T00:00:00.000Z', '2026-01-01T00:00:00.000Z'),
    ),
    id: ids,
  })
  const numbers = fc.constantFrom(0, -0, 1, -1, 25, 50, 0.1, 2 ** 31, 2 ** 53, 1e21, Number.MIN_VALUE)
  const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), nasty, ids, cursors.map(encodeCursor))
  const values: fc.Arbitrary<unknown> = fc.oneof(
    texts,
    numbers,
    fc.constant(GONE),
    fc.constant(null),
    fc.boolean(),
    fc.jsonValue({ maxDepth: 3 }),
    fc.array(fc.oneof(ids, texts), { maxLength: 4 }),
  )

  return fc.constantFrom(...PROCEDURES).chain((procedure) =>
    fc.constantFrom(...validInputs(procedure, given)).chain((example) => {
      const paths = fieldsOf(procedure, example).map(({ path }) => path)
      const changes = fc.array(fc.tuple(fc.constantFrom(...paths), values), { minLength: 1, maxLength: 3 })
      return changes.map((list) => ({ procedure, input: list.reduce<unknown>(put, example) }))
    }),
  )
}

/** Puts a value where there still is such a place. */
function put(input: unknown, [path, value]: [readonly (string | number)[], unknown]): unknown {
  try {
    return path.length === 0 && value === GONE ? undefined : withValue(input, path, value)
  } catch {
    return input
  }
}
