import { expect, test } from '@playwright/test'
import { noFindings } from './axe.ts'
import { call } from './call.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { watchForStrangers } from './strangers.ts'

let server: RosterServer
test.beforeAll(async () => {
  server = await startRoster()
})
test.afterAll(async () => {
  await server.stop()
})

test('an instance is set up, a colleague is let in, and cut off at once, and their browser is told why', async ({ browser }) => {
  const admin = await (await browser.newContext()).newPage()
  const strangers = watchForStrangers(admin, server.address)

  // A wrong code is refused beside its field, and nothing typed is lost.
  await admin.goto(`${server.address}/setup#not-the-code`)
  await admin.getByLabel('Organization').fill('Nordwind')
  await admin.getByLabel('Username').fill('ada.l')
  await admin.getByLabel('Password', { exact: true }).fill('a long walk to the sea')
  await noFindings(admin)
  await admin.getByRole('button', { name: 'Set up and sign in' }).click()
  await expect(admin.getByText('This is not the setup code', { exact: false })).toBeVisible()
  await expect(admin.getByLabel('Organization')).toHaveValue('Nordwind')
  await admin.getByLabel('Setup code').fill(server.code)
  await admin.getByRole('button', { name: 'Set up and sign in' }).click()
  await expect(admin.getByRole('navigation').first()).toBeVisible()
  await expect(admin).not.toHaveURL(/setup/u)
  await noFindings(admin)

  const created = await call(admin, 'user.create', {
    username: 'john.doe',
    displayName: 'John Doe',
    credential: { kind: 'password', password: 'first day at work' },
  })
  expect(created.status).toBe(200)
  const john = (created.data as { user: { id: string } }).user.id
  const workspace = await call(admin, 'workspace.create', { name: 'Research' })
  expect(workspace.status).toBe(200)
  const workspaceId = (workspace.data as { id: string }).id
  expect((await call(admin, 'member.change', { workspaceId, add: [john] })).data).toMatchObject({ added: [john], memberCount: 1 })

  // He signs in elsewhere, has to choose a password of his own, and sees his workspace.
  const his = await (await browser.newContext()).newPage()
  await his.goto(server.address)
  await expect(his).toHaveURL(/sign-in/u)
  await noFindings(his)
  await his.getByLabel('Username').fill('john.doe')
  await his.getByLabel('Password', { exact: true }).fill('not his password')
  await his.getByRole('button', { name: 'Sign in' }).click()
  await expect(his.getByText('The username or the password is not right.')).toBeVisible()
  await his.getByLabel('Password', { exact: true }).fill('first day at work')
  await his.getByRole('button', { name: 'Sign in' }).click()
  await expect(his.getByRole('heading', { name: 'Choose a new password' })).toBeVisible()
  expect((await call(his, 'workspace.create', { name: 'Mine' })).refusal?.code).toBe('PASSWORD_CHANGE_REQUIRED')
  await his.getByLabel('New password').fill('second day at work')
  await his.getByRole('button', { name: 'Save and continue' }).click()
  await expect(his.getByText('Research')).toBeVisible()
  await noFindings(his)
  expect((await call(his, 'user.suspend', { userId: john })).refusal?.code).toBe('ROLE_LACKS_ACTION')

  // Suspended: his open page is told without his doing anything, and nothing answers him any more.
  expect((await call(admin, 'user.suspend', { userId: john })).data).toEqual({ changed: true })
  await expect(his.getByText('Your account was suspended', { exact: false })).toBeVisible()
  await expect(his).toHaveURL(/sign-in/u)
  expect((await call(his, 'session.signOut', {})).refusal).toMatchObject({ code: 'SESSION_ENDED', details: { reason: 'suspended' } })
  await his.getByLabel('Username').fill('john.doe')
  await his.getByLabel('Password', { exact: true }).fill('second day at work')
  await his.getByRole('button', { name: 'Sign in' }).click()
  await expect(his.getByText('Your account is suspended', { exact: false })).toBeVisible()
  expect(strangers).toEqual([])
})
