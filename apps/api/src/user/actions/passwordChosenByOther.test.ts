import { expect, test } from 'vitest'
import { refusalOf, testInstance } from '../../../test/support/instance.ts'

const { make, as, anonymous, db } = await testInstance()
const [acme, globex] = [await make.organization('Acme'), await make.organization('Globex')]
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const max = await make.user({ organizationId: acme.id, username: 'max', displayName: 'Max Meyer', role: 'manager' })
const PASSWORD = 'chosen by another user'
const KNOWN = { code: 'PASSWORD_CHOSEN_BY_OTHER', details: { by: 'Max Meyer' } }

let count = 0
/** Creates a user with a password that `by` chose. */
async function createUser(by = max, changeRequired = true) {
  const username = `newcomer${++count}`
  const { user } = await as(by).user.create.mutate({
    username,
    credential: { kind: 'password', password: PASSWORD, changeRequired },
  })
  return { id: user.id, username }
}
const promote = (userId: string, role: 'manager' | 'administrator', by = ada) =>
  as(by).user.setRole.mutate({ userId, role, expected: 'default' })
const roleOf = async (id: string) => (await db.prisma.user.findUniqueOrThrow({ where: { id } })).role
const bulkPromote = async (id: string) => {
  const call = {
    selection: [id],
    action: { kind: 'setRole' as const, role: 'administrator' as const },
  }
  const preview = await as(ada).user.previewBulk.query(call)
  return { preview, result: await as(ada).user.applyBulk.mutate({ ...call, token: preview.token }) }
}

test('refuses to make a user with a manager-chosen password an administrator, also in bulk, until the password is replaced', async () => {
  const { id, username } = await createUser()
  expect(await refusalOf(promote(id, 'administrator'))).toEqual(KNOWN)
  const { preview, result } = await bulkPromote(id)
  expect(preview).toMatchObject({ change: 0, refused: 1, reasons: [{ refusal: KNOWN, count: 1 }] })
  expect(result).toMatchObject({ changed: 0, refused: 1 })
  expect(await roleOf(id)).toBe('default')

  // Otherwise the manager could sign in as the new administrator. The replaced password no longer works.
  await as(ada).user.setPassword.mutate({ userId: id, password: 'chosen by an administrator' })
  expect(await refusalOf(anonymous.session.signIn.mutate({ username, password: PASSWORD }))).toMatchObject({
    code: 'INVALID_CREDENTIALS',
  })
  expect(await promote(id, 'administrator')).toEqual({ changed: true })
})

test('allows a promotion with a password chosen by the user or by an actor of that role', async () => {
  const own = await createUser()
  await as({ id: own.id }).session.changePassword.mutate({ current: PASSWORD, password: 'chosen by the user' })
  expect(await promote(own.id, 'administrator')).toEqual({ changed: true })
  expect(await promote((await createUser(ada)).id, 'administrator')).toEqual({ changed: true })
  expect(await promote((await createUser()).id, 'manager', max)).toEqual({ changed: true })
})

test('refuses a promotion also when no change was required and the user acknowledged the password', async () => {
  const { id } = await createUser(max, false)
  await as({ id: id }).session.acknowledge.mutate()
  expect(await refusalOf(promote(id, 'administrator'))).toEqual(KNOWN)
  await as({ id: id }).session.changePassword.mutate({ current: PASSWORD, password: 'chosen by the user' })
  expect(await promote(id, 'administrator')).toEqual({ changed: true })
})

test('refuses a promotion when the manager who chose the password was suspended since', async () => {
  const former = await make.user({ organizationId: acme.id, username: 'former', role: 'manager' })
  const { id } = await createUser(former)
  await as(ada).user.suspend.mutate({ userId: former.id })
  expect(await refusalOf(promote(id, 'manager'))).toEqual({
    code: 'PASSWORD_CHOSEN_BY_OTHER',
    details: { by: 'former' },
  })
})

test('refuses to move a user to an organization outside the scope of the manager who chose the password', async () => {
  const { id } = await createUser()
  const move = () => as(ada).user.move.mutate({ userId: id, organizationId: globex.id, expected: acme.id })
  expect(await refusalOf(move())).toEqual(KNOWN)
  await as(ada).user.setPassword.mutate({ userId: id, password: 'chosen by an administrator' })
  expect(await move()).toMatchObject({ changed: true })
})
