import { expect, test } from 'vitest'
import { refusalOf, refusalsOf, testInstance } from '../../test/support/instance.ts'

const { make, as, anonymous, audit } = await testInstance()
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })

/** Creates a manager, a default user, and a link that the manager created for the user. */
async function createdLink() {
  const manager = await make.user({ organizationId: acme.id, role: 'manager' })
  const user = await make.user({ organizationId: acme.id })
  const { path } = await as(manager).user.createLink.mutate({ userId: user.id })
  return { manager, user, token: path.split('#')[1] ?? '' }
}
const password = 'a password of my own'
const invalid = { code: 'INVALID_LINK', details: {} }

test('sets the password and signs in by a link, and audits the link as the channel', async () => {
  const { user, token } = await createdLink()
  expect(await anonymous.link.inspect.mutate({ token })).toMatchObject({ username: user.username })
  expect(await anonymous.link.accept.mutate({ token, password })).toMatchObject({
    user: { id: user.id },
    passwordChangeRequired: false,
  })
  expect((await audit(user.id)).at(-1)).toMatchObject({ action: 'link.accept', actorId: user.id, through: 'link' })
})

test('accepts a link once when many requests use it concurrently', async () => {
  const { token } = await createdLink()
  const refusals = await refusalsOf(Array.from({ length: 8 }, () => anonymous.link.accept.mutate({ token, password })))
  expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1)
  expect(refusals.filter((refusal) => refusal !== null)).toEqual(Array(7).fill(invalid))
})

test('rejects a link once its creator may no longer create it', async () => {
  const promoted = await createdLink()
  await as(ada).user.setRole.mutate({ userId: promoted.user.id, role: 'administrator', expected: 'default' })
  const demoted = await createdLink()
  await as(ada).user.setRole.mutate({ userId: demoted.manager.id, role: 'default', expected: 'manager' })
  const suspended = await createdLink()
  await as(ada).user.suspend.mutate({ userId: suspended.manager.id })
  const deleted = await createdLink()
  await as(ada).user.delete.mutate({ userId: deleted.manager.id, confirmation: deleted.manager.username })
  for (const { token } of [promoted, demoted, suspended, deleted]) {
    expect(await refusalOf(anonymous.link.inspect.mutate({ token }))).toEqual(invalid)
    expect(await refusalOf(anonymous.link.accept.mutate({ token, password }))).toEqual(invalid)
  }
})

test('revokes a link when its owner is suspended, gets a newer link, or gets a password', async () => {
  const suspended = await createdLink()
  await as(suspended.manager).user.suspend.mutate({ userId: suspended.user.id })
  await as(suspended.manager).user.reactivate.mutate({ userId: suspended.user.id })
  const replaced = await createdLink()
  await as(replaced.manager).user.createLink.mutate({ userId: replaced.user.id })
  const overtaken = await createdLink()
  await as(overtaken.manager).user.setPassword.mutate({ userId: overtaken.user.id, password: 'set by the manager' })
  for (const { token } of [suspended, replaced, overtaken])
    expect(await refusalOf(anonymous.link.accept.mutate({ token, password }))).toEqual(invalid)
})
