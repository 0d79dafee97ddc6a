import { expect } from '@playwright/test'
import { noFindings } from './axe.ts'
import { call } from './call.ts'
import { watchForeignRequests } from './foreignRequests.ts'
import { type RosterProgram, startProgram } from './rosterProgram.ts'
import { closeAll, test } from './test.ts'

let server: RosterProgram
test.beforeAll(async () => {
  server = await startProgram()
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
})

test('sets up an instance, adds a user and suspends them, and their browser says why', async ({ browser }) => {
  test.setTimeout(180_000)
  const admin = await (await browser.newContext()).newPage()
  const foreign = watchForeignRequests(admin, server.address)

  // A wrong code is rejected beside its field, and the input stays.
  await admin.goto(`${server.address}/setup#not-the-code`)
  await admin.getByLabel('Organization').fill('Nordwind')
  await admin.getByLabel('Username').fill('ada.l')
  await admin.getByLabel('Password', { exact: true }).fill('a long walk to the sea')
  await noFindings(admin)
  await admin.getByRole('button', { name: 'Set up and sign in' }).click()
  await expect(admin.getByText('That setup code is wrong', { exact: false })).toBeVisible()
  await expect(admin.getByLabel('Organization')).toHaveValue('Nordwind')
  await admin.getByLabel('Setup code').fill(server.code)
  await admin.getByRole('button', { name: 'Set up and sign in' }).click()
  await expect(admin.getByRole('navigation').first()).toBeVisible()
  await expect(admin).not.toHaveURL(/setup/u)
  await noFindings(admin)

  // The administrator adds a user with a password that is shown once.
  await admin.getByRole('link', { name: 'Users' }).click()
  await admin.getByRole('button', { name: 'Add User' }).first().click()
  const add = admin.getByRole('dialog', { name: 'Add User' })
  await add.getByLabel('Username').fill('john.doe')
  await add.getByLabel('Password', { exact: true }).fill('first day at work')
  await add.getByLabel('Display name').fill('John Doe')
  await add.getByRole('button', { name: 'Add User' }).click()
  const details = admin.getByRole('dialog', { name: 'John Doe added' })
  await expect(details.getByText('first day at work')).toBeVisible()
  await details.getByRole('button', { name: 'Done' }).click()
  await expect(admin.getByRole('link', { name: 'John Doe' })).toBeVisible()
  await noFindings(admin)

  // The administrator creates a workspace and adds the user.
  await admin.getByRole('link', { name: 'Workspaces' }).click()
  await admin.getByRole('button', { name: 'New workspace' }).first().click()
  const creation = admin.getByRole('dialog', { name: 'New workspace' })
  await creation.getByLabel('Name').fill('Research')
  await creation.getByRole('button', { name: 'Create workspace' }).click()
  await expect(admin).toHaveURL(/\/members$/u)
  await admin.getByRole('button', { name: 'Manage Users' }).first().click()
  const picker = admin.getByRole('dialog', { name: 'Manage Users' })
  await picker.getByRole('searchbox', { name: 'Search users' }).fill('john')
  await expect(picker.getByRole('option')).toHaveCount(1)
  await picker.getByRole('option', { name: /John Doe/u }).click()
  await expect(picker.getByText('1 to add').first()).toBeVisible()
  await picker.getByRole('button', { name: 'Save Changes' }).click()
  await expect(admin.getByRole('table').getByText('John Doe')).toBeVisible()
  await noFindings(admin)

  // The user signs in elsewhere, chooses a new password, and sees the workspace.
  const his = await (await browser.newContext()).newPage()
  await his.goto(server.address)
  await expect(his).toHaveURL(/sign-in/u)
  await noFindings(his)
  await his.getByLabel('Username').fill('john.doe')
  await his.getByLabel('Password', { exact: true }).fill('not his password')
  await his.getByRole('button', { name: 'Sign in' }).click()
  await expect(his.getByText('Wrong username or password.')).toBeVisible()
  await his.getByLabel('Password', { exact: true }).fill('first day at work')
  await his.getByRole('button', { name: 'Sign in' }).click()
  await expect(his.getByRole('heading', { name: 'Choose a new password' })).toBeVisible()
  expect((await call(his, 'workspace.create', { name: 'Mine' })).refusal?.code).toBe('PASSWORD_CHANGE_REQUIRED')
  await his.getByLabel('New password').fill('second day at work')
  await his.getByRole('button', { name: 'Save and continue' }).click()
  await expect(his.getByRole('main').getByRole('link', { name: 'Research' }).first()).toBeVisible()
  await noFindings(his)
  expect((await call(his, 'user.create', { username: 'mine', credential: { kind: 'link' } })).refusal?.code).toBe(
    'ROLE_LACKS_ACTION',
  )

  // After the suspension the user's open page goes to sign-in, and the server refuses everything.
  await admin.getByRole('link', { name: 'Users' }).click()
  await admin.getByRole('link', { name: 'John Doe' }).click()
  await admin.getByRole('main').getByRole('button', { name: 'Suspend' }).click()
  await expect(admin.getByText('John Doe is suspended and can’t sign in', { exact: false })).toBeVisible()
  await expect(his.getByText('Your account was suspended', { exact: false })).toBeVisible()
  await expect(his).toHaveURL(/sign-in/u)
  expect((await call(his, 'session.signOut', {})).refusal).toMatchObject({
    code: 'SESSION_ENDED',
    details: { reason: 'suspended' },
  })
  await his.getByLabel('Username').fill('john.doe')
  await his.getByLabel('Password', { exact: true }).fill('second day at work')
  await his.getByRole('button', { name: 'Sign in' }).click()
  await expect(his.getByText('Your account is suspended', { exact: false })).toBeVisible()
  expect(foreign).toEqual([])
})
