import { OPERATOR_USER_ID } from '@roster/db'
import { expect, test } from 'vitest'
import { testInstance } from '../../test/support/instance.ts'

const { db, make, as, anonymous } = await testInstance()
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })

test('says who set the password until the user acknowledges it, also after a required change', async () => {
  const joe = await make.user({ organizationId: acme.id, username: 'joe' })
  await as(ada).user.setPassword.mutate({ userId: joe.id, password: 'given by ada' })
  const signedIn = await anonymous.session.signIn.mutate({ username: 'joe', password: 'given by ada' })
  expect(signedIn).toMatchObject({ passwordSetBy: { username: 'ada' }, passwordChangeRequired: true })
  const { passwordSetBy } = await as(joe).session.me.query()

  const given = { current: 'given by ada', password: 'chosen by joe' }
  expect(await as(joe).session.changePassword.mutate(given)).toMatchObject({
    passwordSetBy,
    passwordChangeRequired: false,
  })
  const back = await anonymous.session.signIn.mutate({ username: 'joe', password: 'chosen by joe' })
  expect(back).toMatchObject({ passwordSetBy })
})

test('says nothing more after the acknowledgement', async () => {
  const eve = await make.user({ organizationId: acme.id, username: 'eve' })
  await as(ada).user.setPassword.mutate({ userId: eve.id, password: 'given by ada', changeRequired: false })
  expect((await as(eve).session.me.query()).passwordSetBy?.username).toBe('ada')
  await as(eve).session.acknowledge.mutate()
  expect((await as(eve).session.me.query()).passwordSetBy).toBeNull()
})

test('says that the operator set the password or reset the factor', async () => {
  const sam = await make.user({ organizationId: acme.id, username: 'sam' })
  const at = new Date()
  const data = {
    passwordSetAt: at,
    passwordSetById: OPERATOR_USER_ID,
    factorResetAt: at,
    factorResetById: OPERATOR_USER_ID,
  }
  await db.prisma.user.update({ where: { id: sam.id }, data })
  const byOperator = { username: null, operator: true, at: at.toISOString() }
  expect(await as(sam).session.me.query()).toMatchObject({ passwordSetBy: byOperator, factorResetBy: byOperator })
  await as(sam).session.acknowledge.mutate()
  expect(await as(sam).session.me.query()).toMatchObject({ passwordSetBy: null, factorResetBy: null })
})
