import { randomUUIDv7 } from 'node:crypto'
import { type FieldIssue, PROCEDURES, problemSentence } from '@roster/domain'
import { expect, test } from 'vitest'
import { type Field, fieldsOf, OMITTED, schemaOf, withValue } from '../support/fields.ts'
import { fingerprint } from '../support/fingerprint.ts'
import { testInstance } from '../support/instance.ts'
import { type Procedure, sender, typeOf } from '../support/send.ts'
import { validInputs } from '../support/validInputs.ts'

const { app, make, db } = await testInstance()
const send = sender(app)
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
const john = await make.user({ organizationId: acme.id, username: 'john' })
const workspace = await make.workspace({ organizationId: acme.id })
const { cookie } = await make.session(ada)
const targets = { user: john, workspace, sessionId: randomUUIDv7(), organizationId: acme.id }
const REGISTERED = Object.keys(PROCEDURES) as Procedure[]
/** Not the change stream: its input is part of the address. changes/changeStream.test.ts tests it. */
const WITH_INPUT = REGISTERED.filter((procedure) => typeOf(procedure) !== 'subscription')
const MEGABYTE = 'a'.repeat(1_000_000)

/** One value of each type of JSON. */
const VALUES = {
  null: null,
  string: 'nonsense',
  number: 7,
  boolean: true,
  array: [['x']],
  object: { x: { y: 'x' } },
} as const

/** Values that a field must reject. */
function invalidValues({ types, choices, required, path }: Field): unknown[] {
  const accepted = (type: keyof typeof VALUES) => types.has(type) || (type === 'number' && types.has('integer'))
  const wrong = (Object.keys(VALUES) as (keyof typeof VALUES)[])
    .filter((type) => !accepted(type))
    .map((type) => VALUES[type])
  return [
    ...wrong,
    ...(choices ? [types.has('number') ? 26 : types.has('boolean') ? false : 'nonsense'] : []),
    ...(types.has('string') ? [MEGABYTE] : []),
    ...(types.has('integer') ? [1.5, -1, 1e21, '7'] : []),
    ...(required && path.length > 0 ? [OMITTED] : []),
  ]
}

/** The issue that a call reports for a path. @throws when the call is not refused for it with a readable message */
async function refusedAt(
  procedure: Procedure,
  input: unknown,
  path: readonly (string | number)[],
): Promise<FieldIssue> {
  const { status, refusal, message } = await send(procedure, input, { cookie })
  expect({ status, code: refusal?.code }, JSON.stringify(input)?.slice(0, 500)).toEqual({
    status: 400,
    code: 'BAD_INPUT',
  })
  const issues = refusal?.code === 'BAD_INPUT' ? refusal.details.issues : []
  const issue = issues.find((one) => JSON.stringify(one.path) === JSON.stringify(path))
  if (!issue) throw new Error(`${procedure} reports no issue for ${path.join('.')}: ${JSON.stringify(issues)}`)
  expect(issue.message).toBe(problemSentence(issue))
  expect(issue.message).toMatch(/^[A-Z].{5,}/u)
  expect(message?.length).toBeLessThan(2000)
  return issue
}

test.each(WITH_INPUT)(
  '%s rejects an invalid value in any field, names the field and changes nothing',
  async (procedure) => {
    const before = await fingerprint(db)
    const done = new Set<string>()
    for (const example of validInputs(procedure, targets)) {
      for (const field of fieldsOf(procedure, example)) {
        // The variants of an input share most fields.
        const name = JSON.stringify([field.path, [...field.types], field.choices])
        if (done.has(name)) continue
        done.add(name)
        for (const value of invalidValues(field))
          await refusedAt(procedure, withValue(example, field.path, value), field.path)
      }
    }
    expect(await fingerprint(db)).toEqual(before)
  },
)

test.each(WITH_INPUT)('%s rejects unknown keys at any depth and names them', async (procedure) => {
  const before = await fingerprint(db)
  for (const example of validInputs(procedure, targets)) {
    for (const { path, types } of fieldsOf(procedure, example)) {
      if (!types.has('object')) continue
      for (const key of ['extra', 'role ', 'constructor', 'toString', '__proto__', 'x'.repeat(10_000)]) {
        const extra = JSON.parse(`{"${key}":{"isAdmin":true}}`) as object
        const here = path.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], example)
        const bad = Object.defineProperties({ ...(here as object) }, Object.getOwnPropertyDescriptors(extra))
        const issue = await refusedAt(procedure, withValue(example, path, bad), path)
        expect(issue.message).toContain(key.slice(0, 50))
        expect(issue.message.length).toBeLessThanOrEqual(200)
      }
    }
  }
  expect(await fingerprint(db)).toEqual(before)
  expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false)
})

test('every procedure checks its input', () => {
  expect(REGISTERED.filter((procedure) => schemaOf(procedure) === undefined)).toEqual([])
})

test('reports at most twenty issues of one input', async () => {
  const { refusal } = await send(
    'member.update',
    { workspaceId: workspace.id, add: Array.from({ length: 1000 }, () => 'x') },
    { cookie },
  )
  expect(refusal?.code === 'BAD_INPUT' && refusal.details.issues.length).toBe(20)
})
