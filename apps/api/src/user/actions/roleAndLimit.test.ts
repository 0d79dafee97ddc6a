import { expect, test } from 'vitest'
import { fingerprint } from '../../../test/support/fingerprint.ts'
import { refusalOf, testInstance } from '../../../test/support/instance.ts'

const { make, as, audit, db } = await testInstance()
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const newUser = (role: 'administrator' | 'manager' | 'default' = 'default') =>
  make.user({ organizationId: acme.id, role })
const { setRole, setLimit, get } = as(ada).user

test('changes a role, audits it, and applies it to the next call', async () => {
  const { id: userId } = await newUser('manager')
  await as({ id: userId }).user.list.query({})
  expect(await setRole.mutate({ userId, role: 'default', expected: 'manager' })).toEqual({ changed: true })
  expect(await refusalOf(as({ id: userId }).user.list.query({}))).toEqual({
    code: 'ROLE_LACKS_ACTION',
    details: { action: 'user.list', role: 'default' },
  })
  expect(await audit(userId)).toMatchObject([
    {
      action: 'user.setRole',
      actorId: ada.id,
      before: { role: 'manager', dailyLimit: null },
      after: { role: 'default' },
    },
  ])
})

test('changes nothing when the role is unchanged', async () => {
  const { id: userId } = await newUser()
  const before = await fingerprint(db)
  expect(await setRole.mutate({ userId, role: 'default', expected: 'default' })).toEqual({ changed: false })
  expect(await fingerprint(db)).toEqual(before)
})

test('refuses an outdated expectation of a role or limit', async () => {
  const { id: userId } = await newUser('manager')
  await setLimit.mutate({ userId, dailyLimit: 5, expected: null })
  const before = await fingerprint(db)
  expect(await refusalOf(setRole.mutate({ userId, role: 'administrator', expected: 'default' }))).toEqual({
    code: 'CONFLICT',
    details: { version: null, at: null, by: null, fields: [{ field: 'role', theirs: 'manager' }] },
  })
  expect(await refusalOf(setLimit.mutate({ userId, dailyLimit: 7, expected: null }))).toEqual({
    code: 'CONFLICT',
    details: { version: null, at: null, by: null, fields: [{ field: 'dailyLimit', theirs: 5 }] },
  })
  expect(await fingerprint(db)).toEqual(before)
})

test('clears the daily limit of a new administrator, and refuses to set one', async () => {
  const { id: userId } = await newUser()
  await setLimit.mutate({ userId, dailyLimit: 10, expected: null })
  await setRole.mutate({ userId, role: 'administrator', expected: 'default' })
  expect(await get.query({ userId })).toMatchObject({ role: 'administrator', dailyLimit: null })
  expect((await audit(userId)).at(-1)).toMatchObject({
    before: { role: 'default', dailyLimit: 10 },
    after: { role: 'administrator', dailyLimit: null },
  })
  expect(await refusalOf(setLimit.mutate({ userId, dailyLimit: 5, expected: null }))).toEqual({
    code: 'LIMIT_NOT_FOR_ADMINISTRATOR',
    details: {},
  })
  expect(await setLimit.mutate({ userId, dailyLimit: null, expected: null })).toEqual({ changed: false })
})

test('sets and clears a limit, audits each change, and ignores the same value', async () => {
  const { id: userId } = await newUser()
  expect(await setLimit.mutate({ userId, dailyLimit: 10, expected: null })).toEqual({ changed: true })
  expect(await setLimit.mutate({ userId, dailyLimit: 10, expected: 10 })).toEqual({ changed: false })
  expect(await setLimit.mutate({ userId, dailyLimit: null, expected: 10 })).toEqual({ changed: true })
  expect(await audit(userId)).toMatchObject([
    { action: 'user.setLimit', before: { dailyLimit: null }, after: { dailyLimit: 10 } },
    { action: 'user.setLimit', before: { dailyLimit: 10 }, after: { dailyLimit: null } },
  ])
  expect((await as({ id: userId }).session.me.query()).user.dailyLimit).toBeNull()
})

test('refuses to demote, suspend or delete the last administrator', async () => {
  const suspended = await make.organization('Suspended')
  await db.pool.query(`UPDATE "organization" SET "status" = 'suspended' WHERE "id" = $1`, [suspended.id])
  await make.users([
    { organizationId: suspended.id, role: 'administrator', passwordHash: 'x' },
    { organizationId: acme.id, role: 'administrator', passwordHash: 'x', status: 'suspended' },
  ])
  const eve = await newUser('administrator')
  await as(eve).session.me.query()
  const before = await fingerprint(db)
  const { user } = as(eve)
  const last = { code: 'LAST_ADMINISTRATOR', details: {} }
  expect(await refusalOf(user.setRole.mutate({ userId: ada.id, role: 'manager', expected: 'administrator' }))).toEqual(
    last,
  )
  expect(await refusalOf(user.suspend.mutate({ userId: ada.id }))).toEqual(last)
  expect(await refusalOf(user.delete.mutate({ userId: ada.id, confirmation: 'ada' }))).toEqual(last)
  expect(await fingerprint(db)).toEqual(before)
  await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
  expect(await user.suspend.mutate({ userId: ada.id })).toMatchObject({ changed: true })
})
