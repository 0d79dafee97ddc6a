import { randomUUIDv7 } from 'node:crypto'
import {
  ALLOWED_BEFORE_PASSWORD_CHANGE,
  ALLOWED_BEFORE_SECOND_FACTOR,
  type GuardedProcedure,
  INVALIDATES,
  PROCEDURE_ACTION,
  PUBLIC_PROCEDURES,
} from '@roster/domain'
import { expect, test } from 'vitest'
import { hashPassword } from '../password/hash.ts'
import { fingerprint } from '../testing/fingerprint.ts'
import { testInstance } from '../testing/instance.ts'
import { PROCEDURES, sender, typeOf } from '../testing/send.ts'
import { PASSWORD, validInputs } from '../testing/validInputs.ts'

const { app, make, db, cookieOf } = await testInstance()
const send = sender(app)
const GUARDED = Object.keys(PROCEDURE_ACTION) as GuardedProcedure[]
const passwordHash = await hashPassword(PASSWORD)
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash })
const due = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash })
await db.pool.query(`UPDATE "user" SET "passwordChangeRequired" = TRUE WHERE "id" = $1`, [due.id])
const dueCookie = await cookieOf(due)
const workspace = await make.workspace({ organizationId: acme.id })
const given = { user: ada, workspace, sessionId: randomUUIDv7(), organizationId: acme.id }
const made = await make.session(ada)
const ended = await make.session(ada)
await db.pool.query(`UPDATE "session" SET "endedAt" = now(), "endReason" = 'ended-by-other' WHERE "id" = $1`, [ended.id])
/** Valid ones, and some that are none. */
const inputs = (procedure: GuardedProcedure) => [...validInputs(procedure, given), undefined, null, 'x', 7, [], { userId: {} }, { [`a${'b'.repeat(5000)}`]: 1 }]

test('every procedure of the API asks a row of the policy or stands in the short list of public ones, and no row is left over', () => {
  expect(Object.keys(PROCEDURES).sort()).toEqual([...GUARDED, ...PUBLIC_PROCEDURES].sort())
  for (const [name, procedure] of Object.entries(PROCEDURES)) expect(procedure._def.meta, name).toEqual({ procedure: name })
})

test('every procedure that changes something says what it touches, and nothing else does', () => {
  expect(Object.keys(INVALIDATES).sort()).toEqual(GUARDED.filter((procedure) => typeOf(procedure) === 'mutation').sort())
})

test.each(GUARDED)('%s answers nobody who is not signed in, whatever they send', async (procedure) => {
  const refused = { status: 401, message: 'Sign in first.', refusal: { code: 'NOT_SIGNED_IN', details: {} } }
  const before = await fingerprint(db)
  for (const input of inputs(procedure)) expect(await send(procedure, input)).toMatchObject(refused)
  for (const cookie of ['roster=x', made.cookie.replace(/=.*/u, `=${'A'.repeat(40)}`), made.cookie.replace(/=/u, '==')])
    expect(await send(procedure, inputs(procedure)[0], { cookie })).toMatchObject(refused)
  expect(await fingerprint(db)).toEqual(before)
})

test.each(GUARDED)('%s tells whoever’s session is over why, whatever they send', async (procedure) => {
  for (const input of inputs(procedure)) {
    const { status, refusal } = await send(procedure, input, { cookie: ended.cookie })
    expect([status, refusal]).toEqual([401, { code: 'SESSION_ENDED', details: { reason: 'ended-by-other', at: expect.any(String) } }])
  }
})

test.each(GUARDED.filter((procedure) => !ALLOWED_BEFORE_PASSWORD_CHANGE.includes(procedure)))(
  '%s answers nobody who has to choose a new password first, whatever they send',
  async (procedure) => {
    const before = await fingerprint(db)
    for (const input of inputs(procedure)) {
      expect(await send(procedure, input, { cookie: dueCookie })).toMatchObject({ status: 403, refusal: { code: 'PASSWORD_CHANGE_REQUIRED', details: {} } })
    }
    expect(await fingerprint(db)).toEqual(before)
  },
)

test.each(ALLOWED_BEFORE_PASSWORD_CHANGE)('%s answers whoever has to choose a new password first', async (procedure) => {
  const { id } = await make.user({ organizationId: acme.id, passwordHash })
  await db.pool.query(`UPDATE "user" SET "passwordChangeRequired" = TRUE WHERE "id" = $1`, [id])
  const [input] = validInputs(procedure, given)
  expect(await send(procedure, input, { cookie: await cookieOf({ id }) })).toMatchObject({ status: 200, refusal: null })
})

test.each(GUARDED.filter((procedure) => !ALLOWED_BEFORE_SECOND_FACTOR.includes(procedure)))(
  '%s answers nobody who has to set up a second factor first, whatever they send',
  async (procedure) => {
    const mia = await make.user({ organizationId: acme.id, role: 'manager', passwordHash })
    const cookie = await cookieOf(mia)
    await db.pool.query(`UPDATE "instance" SET "secondFactorRoles" = '{manager}'`)
    const before = await fingerprint(db)
    for (const input of inputs(procedure)) {
      expect(await send(procedure, input, { cookie })).toMatchObject({ status: 403, refusal: { code: 'SECOND_FACTOR_REQUIRED', details: {} } })
    }
    expect(await fingerprint(db)).toEqual(before)
  },
)
