import { expect, test } from 'vitest'
import { refusalOf, testInstance } from '../testing/instance.ts'

const { make, as, anonymous, db } = await testInstance()
const [acme, globex] = [await make.organization('Acme'), await make.organization('Globex')]
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const max = await make.user({ organizationId: acme.id, username: 'max', displayName: 'Max Meyer', role: 'manager' })
const PASSWORD = 'chosen by somebody else'
const KNOWN = { code: 'PASSWORD_CHOSEN_BY_OTHER', details: { by: 'Max Meyer' } }

let count = 0
/** Somebody whose password `by` chose. */
async function newcomer(by = max, changeRequired = true) {
  const username = `newcomer${++count}`
  const { user } = await as(by).user.create.mutate({ username, credential: { kind: 'password', password: PASSWORD, changeRequired } })
  return { id: user.id, username }
}
const raise = (userId: string, role: 'manager' | 'administrator', by = ada) => as(by).user.setRole.mutate({ userId, role, expected: 'default' })
const roleOf = async (id: string) => (await db.prisma.user.findUniqueOrThrow({ where: { id } })).role
const bulkRaise = async (id: string) => {
  const call = { selection: { kind: 'ids' as const, ids: [id] }, action: { kind: 'setRole' as const, role: 'administrator' as const } }
  const preview = await as(ada).user.previewBulk.query(call)
  return { preview, result: await as(ada).user.applyBulk.mutate({ ...call, token: preview.token }) }
}

test('nobody becomes an administrator with a password that a manager chose, one by one or in bulk, until it is replaced', async () => {
  const { id, username } = await newcomer()
  expect(await refusalOf(raise(id, 'administrator'))).toEqual(KNOWN)
  const { preview, result } = await bulkRaise(id)
  expect(preview).toMatchObject({ change: 0, refused: 1, reasons: [{ refusal: KNOWN, count: 1 }] })
  expect(result).toMatchObject({ changed: 0, refused: 1 })
  expect(await roleOf(id)).toBe('default')

  // Whoever knows it would only have to come first: it opens nothing but what it did.
  await as(ada).user.setPassword.mutate({ userId: id, password: 'chosen by an administrator' })
  expect(await refusalOf(anonymous.session.signIn.mutate({ username, password: PASSWORD }))).toMatchObject({ code: 'INVALID_CREDENTIALS' })
  expect(await raise(id, 'administrator')).toEqual({ changed: true })
})

test('a password of one’s own, and one that somebody chose who may as much, are no hindrance', async () => {
  const own = await newcomer()
  await as({ id: own.id }).session.changePassword.mutate({ current: PASSWORD, password: 'chosen by oneself' })
  expect(await raise(own.id, 'administrator')).toEqual({ changed: true })
  expect(await raise((await newcomer(ada)).id, 'administrator')).toEqual({ changed: true })
  expect(await raise((await newcomer()).id, 'manager', max)).toEqual({ changed: true })
})

test('nor with one that need not be replaced: whoever chose it knows it still, whatever its owner has acknowledged', async () => {
  const { id } = await newcomer(max, false)
  await as({ id: id }).session.acknowledge.mutate()
  expect(await refusalOf(raise(id, 'administrator'))).toEqual(KNOWN)
  await as({ id: id }).session.changePassword.mutate({ current: PASSWORD, password: 'chosen by oneself' })
  expect(await raise(id, 'administrator')).toEqual({ changed: true })
})

test('whoever chose it and has lost their role since is not helped by it', async () => {
  const gone = await make.user({ organizationId: acme.id, username: 'gone', role: 'manager' })
  const { id } = await newcomer(gone)
  await as(ada).user.suspend.mutate({ userId: gone.id })
  expect(await refusalOf(raise(id, 'manager'))).toEqual({ code: 'PASSWORD_CHOSEN_BY_OTHER', details: { by: 'gone' } })
})

test('nobody is moved to where whoever chose their password doesn’t reach', async () => {
  const { id } = await newcomer()
  const move = () => as(ada).user.move.mutate({ userId: id, organizationId: globex.id, expected: acme.id })
  expect(await refusalOf(move())).toEqual(KNOWN)
  await as(ada).user.setPassword.mutate({ userId: id, password: 'chosen by an administrator' })
  expect(await move()).toMatchObject({ changed: true })
})
