import { expect, test } from 'vitest'
import { fingerprint } from '../../../test/support/fingerprint.ts'
import { refusalOf, testInstance } from '../../../test/support/instance.ts'
import { sender } from '../../../test/support/send.ts'

const { app, make, as, anonymous, audit, db } = await testInstance()
const send = sender(app)
const acme = await make.organization('Acme')
const max = await make.user({ organizationId: acme.id, username: 'max', role: 'manager' })
const newUser = () => make.user({ organizationId: acme.id })
const NEW = 'a new horse altogether'

test('ends all sessions of the user, requires a password change, and says who set the password', async () => {
  const john = await newUser()
  const [one, two] = [await make.session(john), await make.session(john)]
  expect(await as(max).user.setPassword.mutate({ userId: john.id, password: NEW })).toEqual({ changed: true })
  for (const { cookie } of [one, two])
    expect((await send('session.me', undefined, { cookie })).refusal).toMatchObject({
      code: 'SESSION_ENDED',
      details: { reason: 'password-set-by-other' },
    })
  const me = await anonymous.session.signIn.mutate({ username: john.username, password: NEW })
  expect(me).toMatchObject({ passwordChangeRequired: true, passwordSetBy: { username: 'max', at: expect.any(String) } })
  expect(await audit(john.id)).toMatchObject([
    { action: 'user.setPassword', actorId: max.id, before: null, after: { passwordChangeRequired: true } },
  ])
})

test('says who set the password until the user acknowledges it, and audits the acknowledgement once', async () => {
  const john = await newUser()
  await as(max).user.setPassword.mutate({ userId: john.id, password: NEW, changeRequired: false })
  const { session } = as(john)
  expect(await session.me.query()).toMatchObject({ passwordChangeRequired: false, passwordSetBy: { username: 'max' } })
  expect(await session.acknowledge.mutate()).toEqual({})
  expect(await session.acknowledge.mutate()).toEqual({})
  expect((await session.me.query()).passwordSetBy).toBeNull()
  expect((await audit(john.id)).map(({ action, actorId }) => [action, actorId])).toEqual([
    ['user.setPassword', max.id],
    ['session.acknowledge', john.id],
  ])
})

test('shows no name when the author was deleted since', async () => {
  const [john, mia] = [await newUser(), await make.user({ organizationId: acme.id, role: 'manager' })]
  const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
  await as(mia).user.setPassword.mutate({ userId: john.id, password: NEW, changeRequired: false })
  await as(ada).user.delete.mutate({ userId: mia.id, confirmation: mia.username })
  expect((await as(john).session.me.query()).passwordSetBy).toEqual({
    username: null,
    operator: false,
    at: expect.any(String),
  })
})

test('revokes earlier one-time links', async () => {
  const john = await newUser()
  const { path } = await as(max).user.createLink.mutate({ userId: john.id })
  await as(max).user.setPassword.mutate({ userId: john.id, password: NEW })
  expect(await refusalOf(anonymous.link.inspect.mutate({ token: path.split('#')[1] ?? '' }))).toEqual({
    code: 'INVALID_LINK',
    details: {},
  })
})

test('refuses a common password and the username, and ends no session', async () => {
  const john = await newUser()
  const { cookie } = await make.session(john)
  const before = await fingerprint(db)
  const set = (password: string) => refusalOf(as(max).user.setPassword.mutate({ userId: john.id, password }))
  await as(max).session.me.query()
  expect(await set('iloveyou')).toEqual({ code: 'PASSWORD_COMMON', details: {} })
  expect(await set('trustno1')).toEqual({ code: 'PASSWORD_COMMON', details: {} })
  const { user: named } = await as(max).user.create.mutate({ username: 'a.long.name', credential: { kind: 'link' } })
  expect(await refusalOf(as(max).user.setPassword.mutate({ userId: named.id, password: 'A.Long.Name' }))).toEqual({
    code: 'PASSWORD_IS_USERNAME',
    details: {},
  })
  expect((await send('session.me', undefined, { cookie })).status).toBe(200)
  expect((await fingerprint(db))['session']).toBe(before['session'])
})
