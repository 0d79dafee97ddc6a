import { randomUUIDv7 } from 'node:crypto'
import {
  GUARDED_PROCEDURES,
  type GuardedProcedure,
  isAllowedBefore,
  PUBLIC_PROCEDURES,
  properties,
} from '@roster/domain'
import { expect, test } from 'vitest'
import { fingerprint } from '../../test/support/fingerprint.ts'
import { testInstance } from '../../test/support/instance.ts'
import { PROCEDURES, sender, typeOf } from '../../test/support/send.ts'
import { PASSWORD, validInputs } from '../../test/support/validInputs.ts'
import { hashPassword } from '../password/hash.ts'

const { app, make, db, cookieOf } = await testInstance()
const send = sender(app)
const GUARDED = GUARDED_PROCEDURES
const REGISTERED = [...GUARDED_PROCEDURES, ...PUBLIC_PROCEDURES]
const passwordHash = await hashPassword(PASSWORD)
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash })
const expiredPassword = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash })
await db.pool.query(`UPDATE "user" SET "passwordChangeRequired" = TRUE WHERE "id" = $1`, [expiredPassword.id])
const passwordChangeCookie = await cookieOf(expiredPassword)
const workspace = await make.workspace({ organizationId: acme.id })
const targets = { user: ada, workspace, sessionId: randomUUIDv7(), organizationId: acme.id }
const valid = await make.session(ada)
const ended = await make.session(ada)
await db.pool.query(`UPDATE "session" SET "endedAt" = now(), "endReason" = 'ended-by-other' WHERE "id" = $1`, [
  ended.id,
])
/** Valid and invalid inputs. */
const inputs = (procedure: GuardedProcedure) => [
  ...validInputs(procedure, targets),
  undefined,
  null,
  'x',
  7,
  [],
  { userId: {} },
  { [`a${'b'.repeat(5000)}`]: 1 },
]

test('every procedure has a policy action or is listed as public, and no entry is unused', () => {
  expect(Object.keys(PROCEDURES).sort()).toEqual([...GUARDED, ...PUBLIC_PROCEDURES].sort())
  for (const [name, procedure] of Object.entries(PROCEDURES))
    expect(procedure._def.meta, name).toEqual({ procedure: name })
})

test.each(REGISTERED)('%s has the kind that the registry says', (procedure) => {
  expect(typeOf(procedure)).toBe(properties(procedure).kind)
  if (properties(procedure).kind !== 'mutation') expect(properties(procedure).invalidates).toEqual([])
})

test.each(GUARDED)('%s refuses any input without a valid session', async (procedure) => {
  const refused = { status: 401, message: 'Sign in first.', refusal: { code: 'NOT_SIGNED_IN', details: {} } }
  const before = await fingerprint(db)
  for (const input of inputs(procedure)) expect(await send(procedure, input)).toMatchObject(refused)
  for (const cookie of [
    'roster=x',
    valid.cookie.replace(/=.*/u, `=${'A'.repeat(40)}`),
    valid.cookie.replace(/=/u, '=='),
  ])
    expect(await send(procedure, inputs(procedure)[0], { cookie })).toMatchObject(refused)
  expect(await fingerprint(db)).toEqual(before)
})

test.each(GUARDED)('%s gives the reason of an ended session for any input', async (procedure) => {
  for (const input of inputs(procedure)) {
    const { status, refusal } = await send(procedure, input, { cookie: ended.cookie })
    expect([status, refusal]).toEqual([
      401,
      { code: 'SESSION_ENDED', details: { reason: 'ended-by-other', at: expect.any(String) } },
    ])
  }
})

test.each(GUARDED.filter((procedure) => !isAllowedBefore('password', procedure)))(
  '%s refuses any input from a user who must change their password',
  async (procedure) => {
    const before = await fingerprint(db)
    for (const input of inputs(procedure)) {
      expect(await send(procedure, input, { cookie: passwordChangeCookie })).toMatchObject({
        status: 403,
        refusal: { code: 'PASSWORD_CHANGE_REQUIRED', details: {} },
      })
    }
    expect(await fingerprint(db)).toEqual(before)
  },
)

test.each(GUARDED.filter((procedure) => isAllowedBefore('password', procedure)))(
  '%s answers a user who must change their password',
  async (procedure) => {
    const { id } = await make.user({ organizationId: acme.id, passwordHash })
    await db.pool.query(`UPDATE "user" SET "passwordChangeRequired" = TRUE WHERE "id" = $1`, [id])
    const [input] = validInputs(procedure, targets)
    expect(await send(procedure, input, { cookie: await cookieOf({ id }) })).toMatchObject({
      status: 200,
      refusal: null,
    })
  },
)

test.each(GUARDED.filter((procedure) => !isAllowedBefore('factor', procedure)))(
  '%s refuses any input from a user without their required second factor',
  async (procedure) => {
    const mia = await make.user({ organizationId: acme.id, role: 'manager', passwordHash })
    const cookie = await cookieOf(mia)
    await db.pool.query(`UPDATE "instance" SET "secondFactorRoles" = '{manager}'`)
    const before = await fingerprint(db)
    for (const input of inputs(procedure)) {
      expect(await send(procedure, input, { cookie })).toMatchObject({
        status: 403,
        refusal: { code: 'SECOND_FACTOR_REQUIRED', details: {} },
      })
    }
    expect(await fingerprint(db)).toEqual(before)
  },
)
