import { randomUUIDv7 } from 'node:crypto'
import { encodeCursor } from '@roster/db'
import { type GuardedProcedure, PROCEDURE_ACTION, PUBLIC_PROCEDURES } from '@roster/domain'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fieldsOf, GONE, withValue } from '../testing/fields.ts'
import { fingerprint } from '../testing/fingerprint.ts'
import { testInstance } from '../testing/instance.ts'
import { type Procedure, sender } from '../testing/send.ts'
import { validInputs } from '../testing/validInputs.ts'

/** Another one each time; a failure names it, and it may be put here to see that failure again. */
const seed = Date.now() % 2_147_483_647
const RUNS = 300

const { app, make, db } = await testInstance()
const send = sender(app)
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
const max = await make.user({ organizationId: acme.id, role: 'manager' })
const dora = await make.user({ organizationId: acme.id })
const john = await make.user({ organizationId: acme.id })
const workspace = await make.workspace({ organizationId: acme.id })
const callers = [{}, await make.session(ada), await make.session(max), await make.session(dora)]
const given = { user: john, workspace, sessionId: randomUUIDv7(), organizationId: acme.id }
// Calls that end the caller's own session or hash are gone through elsewhere.
const LEFT_OUT: readonly Procedure[] = ['notice.stream', 'session.signOut', 'session.changePassword', 'session.signIn', 'user.setPassword']
const PROCEDURES = [...(Object.keys(PROCEDURE_ACTION) as GuardedProcedure[]), ...PUBLIC_PROCEDURES].filter((name) => !LEFT_OUT.includes(name))

const ids = fc.constantFrom(john.id, workspace.id, acme.id, dora.id, john.id.toUpperCase(), '00000000-0000-0000-0000-000000000000')
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

/** A procedure's valid input with some of its fields replaced by anything. */
const spoiled = fc.constantFrom(...PROCEDURES).chain((procedure) =>
  fc.constantFrom(...validInputs(procedure, given)).chain((example) => {
    const paths = fieldsOf(procedure, example).map(({ path }) => path)
    const changes = fc.array(fc.tuple(fc.constantFrom(...paths), values), { minLength: 1, maxLength: 3 })
    return changes.map((list) => ({ procedure, input: list.reduce<unknown>(put, example) }))
  }),
)

/** Puts a value where there still is such a place. */
function put(input: unknown, [path, value]: [readonly (string | number)[], unknown]): unknown {
  try {
    return path.length === 0 && value === GONE ? undefined : withValue(input, path, value)
  } catch {
    return input
  }
}

const anything = fc.record({ procedure: fc.constantFrom(...PROCEDURES), input: fc.jsonValue() })

test.each([
  ['any JSON', anything],
  ['a valid input with something else in it', spoiled],
])(`%s, sent to any procedure by anybody, is answered or refused in words; a refusal changes nothing (seed ${seed})`, async (_name, calls) => {
  let before = await fingerprint(db)
  await fc.assert(
    fc.asyncProperty(calls, fc.constantFrom(...callers), async ({ procedure, input }, caller) => {
      const { status, refusal, message } = await send(procedure, input, caller)
      const after = await fingerprint(db)
      if (refusal) {
        expect([200, 400, 401, 403, 404, 409, 413, 422, 429]).toContain(status)
        expect(message?.length).toBeGreaterThan(5)
        expect(after).toEqual(before)
      }
      before = after
    }),
    { numRuns: RUNS, seed, endOnFailure: true },
  )
})
