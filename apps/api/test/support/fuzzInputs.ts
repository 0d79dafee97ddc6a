import { encodeCursor } from '@roster/db'
import { PROCEDURES } from '@roster/domain'
import fc from 'fast-check'
import { fieldsOf, OMITTED, withValue } from './fields.ts'
import type { Procedure } from './send.ts'
import { type InputTargets, validInputs } from './validInputs.ts'

/** Arbitrary calls: a procedure and its input. */
export type CallArbitrary = fc.Arbitrary<{ procedure: Procedure; input: unknown }>

// Other tests cover the calls that end the principal's own session, and those that hash a password.
const EXCLUDED: readonly Procedure[] = [
  'changes.subscribe',
  'session.signOut',
  'session.changePassword',
  'session.signIn',
  'user.setPassword',
]
const FUZZED = (Object.keys(PROCEDURES) as Procedure[]).filter((name) => !EXCLUDED.includes(name))

const hostileTexts = fc.constantFrom(
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

/** Any procedure with arbitrary JSON. */
export const anyJson: CallArbitrary = fc.record({ procedure: fc.constantFrom(...FUZZED), input: fc.jsonValue() })

/** A procedure's valid input with up to three fields replaced by arbitrary values, existing ids among them. */
export function mutatedInput(targets: InputTargets): CallArbitrary {
  const { user, workspace, organizationId } = targets
  const ids = fc.constantFrom(
    user.id,
    workspace.id,
    organizationId,
    user.id.toUpperCase(),
    '00000000-0000-0000-0000-000000000000',
  )
  const cursors = fc.record({
    value: fc.oneof(
      fc.string({ unit: 'binary' }),
      hostileTexts,
      fc.date().map(String),
      fc.constantFrom(
        '0000-01-01T00:00:00.000Z',
        '+275760-09-13T00:00:00.000Z',
        '2026-02-30T00:00:00.000Z',
        '2026-01-01T00:00:00.000Z',
      ),
    ),
    id: ids,
  })
  const numbers = fc.constantFrom(0, -0, 1, -1, 25, 50, 0.1, 2 ** 31, 2 ** 53, 1e21, Number.MIN_VALUE)
  const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), hostileTexts, ids, cursors.map(encodeCursor))
  const values: fc.Arbitrary<unknown> = fc.oneof(
    texts,
    numbers,
    fc.constant(OMITTED),
    fc.constant(null),
    fc.boolean(),
    fc.jsonValue({ maxDepth: 3 }),
    fc.array(fc.oneof(ids, texts), { maxLength: 4 }),
  )

  return fc.constantFrom(...FUZZED).chain((procedure) =>
    fc.constantFrom(...validInputs(procedure, targets)).chain((example) => {
      const paths = fieldsOf(procedure, example).map(({ path }) => path)
      const changes = fc.array(fc.tuple(fc.constantFrom(...paths), values), { minLength: 1, maxLength: 3 })
      return changes.map((list) => ({ procedure, input: list.reduce<unknown>(replaceValue, example) }))
    }),
  )
}

/** Replaces the value at a path, unless an earlier change removed that path. */
function replaceValue(input: unknown, [path, value]: [readonly (string | number)[], unknown]): unknown {
  try {
    return path.length === 0 && value === OMITTED ? undefined : withValue(input, path, value)
  } catch {
    return input
  }
}
