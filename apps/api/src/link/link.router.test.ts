import { expect, test } from 'vitest'
import { refusalOf, refusalsOf, testInstance } from '../testing/instance.ts'

const { make, as, nobody, audit } = await testInstance()
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })

/** A manager, somebody below them, and the secret of a link that the one made for the other. */
async function createdLink() {
  const manager = await make.user({ organizationId: acme.id, role: 'manager' })
  const user = await make.user({ organizationId: acme.id })
  const { path } = await as(manager).user.createLink.mutate({ userId: user.id })
  return { manager, user, token: path.split('#')[1] ?? '' }
}
const password = 'a password of my own'
const invalid = { code: 'INVALID_LINK', details: {} }

test('by a link somebody sets their own password and is signed in, and the audit log says that it was the link', async () => {
  const { user, token } = await createdLink()
  expect(await nobody.link.inspect.mutate({ token })).toMatchObject({ username: user.username })
  expect(await nobody.link.accept.mutate({ token, password })).toMatchObject({ user: { id: user.id }, passwordChangeRequired: false })
  expect((await audit(user.id)).at(-1)).toMatchObject({ action: 'link.accept', actorId: user.id, through: 'link' })
})

test('a link that is used by many at once lets one in', async () => {
  const { token } = await createdLink()
  const refusals = await refusalsOf(Array.from({ length: 8 }, () => nobody.link.accept.mutate({ token, password })))
  expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1)
  expect(refusals.filter((refusal) => refusal !== null)).toEqual(Array(7).fill(invalid))
})

test('a link is dead once its maker may not make it any more: whoever kept it gets no account above their own', async () => {
  const promoted = await createdLink()
  await as(ada).user.setRole.mutate({ userId: promoted.user.id, role: 'administrator', expected: 'default' })
  const demoted = await createdLink()
  await as(ada).user.setRole.mutate({ userId: demoted.manager.id, role: 'default', expected: 'manager' })
  const suspended = await createdLink()
  await as(ada).user.suspend.mutate({ userId: suspended.manager.id })
  const deleted = await createdLink()
  await as(ada).user.delete.mutate({ userId: deleted.manager.id, confirmation: deleted.manager.username })
  for (const { token } of [promoted, demoted, suspended, deleted]) {
    expect(await refusalOf(nobody.link.inspect.mutate({ token }))).toEqual(invalid)
    expect(await refusalOf(nobody.link.accept.mutate({ token, password }))).toEqual(invalid)
  }
})

test('a link dies with the suspension of its owner, with a newer one, and with a password set by somebody', async () => {
  const suspended = await createdLink()
  await as(suspended.manager).user.suspend.mutate({ userId: suspended.user.id })
  await as(suspended.manager).user.reactivate.mutate({ userId: suspended.user.id })
  const replaced = await createdLink()
  await as(replaced.manager).user.createLink.mutate({ userId: replaced.user.id })
  const overtaken = await createdLink()
  await as(overtaken.manager).user.setPassword.mutate({ userId: overtaken.user.id, password: 'set by the manager' })
  for (const { token } of [suspended, replaced, overtaken]) expect(await refusalOf(nobody.link.accept.mutate({ token, password }))).toEqual(invalid)
})
