import { expect, type Page } from '@playwright/test'
import { noFindings } from './axe.ts'
import { call } from './call.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'
import { addUser, addWorkspace, setUp, signIn, visitor } from './users.ts'

let server: RosterServer
let admin: Page
test.beforeAll(async ({ browser }) => {
  server = await startRoster()
  admin = await setUp(browser, server)
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
})

const toast = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text })

test('an organization is created, its manager scope is changed, a user is moved there, and it is suspended', async ({
  browser,
}) => {
  const john = await addUser(admin, 'john.doe', { displayName: 'John Doe' })
  await addWorkspace(admin, 'Research', [john])
  await admin.getByRole('link', { name: 'Organizations' }).click()
  await noFindings(admin)
  await admin.getByRole('button', { name: 'New organization' }).click()
  const dialog = admin.getByRole('dialog', { name: 'New organization' })
  await dialog.getByLabel('Name').fill('nordwind')
  await dialog.getByRole('button', { name: 'Create organization' }).click()
  await expect(dialog.getByText('The name “nordwind” is taken.')).toBeVisible()
  await dialog.getByLabel('Name').fill('Südwind')
  await dialog.getByRole('button', { name: 'Create organization' }).click()
  await expect(admin.getByRole('heading', { level: 1, name: 'Südwind' })).toBeVisible()
  await admin.getByRole('radio', { name: /^Assigned workspaces/u }).click()
  await expect(toast(admin, 'Managers can now manage: Assigned workspaces')).toBeVisible()
  await noFindings(admin)

  const his = await signIn(browser, server, 'john.doe')
  await admin.goto(`${server.address}/settings/users/${john}`)
  await admin.getByRole('button', { name: 'Move to another organization' }).click()
  const moving = admin.getByRole('dialog', { name: 'Move John Doe' })
  await moving.getByRole('button', { name: 'Move user' }).click()
  await expect(moving.getByText('Choose an organization').last()).toBeVisible()
  await moving.locator('[aria-haspopup="listbox"]').first().click()
  await admin.getByRole('option', { name: 'Südwind' }).click()
  await moving.getByRole('button', { name: 'Move user' }).click()
  await expect(toast(admin, 'John Doe moved to “Südwind”')).toBeVisible()
  await expect(his.getByText('Your account was moved to another organization', { exact: false })).toBeVisible()

  const again = await signIn(browser, server, 'john.doe')
  await expect(again.getByText('Südwind')).toBeVisible()
  await admin.getByRole('main').getByRole('link', { name: 'Südwind' }).click()
  await admin.getByRole('button', { name: 'Suspend organization' }).click()
  await admin.getByRole('dialog').getByRole('button', { name: 'Suspend organization' }).click()
  await expect(toast(admin, '“Südwind” suspended')).toBeVisible()
  await expect(again.getByText('Your organization was suspended', { exact: false })).toBeVisible()
})

test('an administrator who chooses an organization sees filtered lists and creates in it', async () => {
  const { id } = (await call(admin, 'organization.create', { name: 'Westwind' })).data as { id: string }
  await addUser(admin, 'wen.li', { displayName: 'Wen Li', organizationId: id })
  await admin.goto(`${server.address}/settings/users`)
  await admin.getByRole('button', { name: 'Organization: All organizations' }).click()
  await admin.getByRole('combobox', { name: 'Search organizations' }).fill('west')
  await expect(admin.getByRole('option')).toHaveText(['Westwind'])
  await noFindings(admin)
  await admin.keyboard.press('Enter')
  await expect(admin.getByRole('button', { name: 'Organization: Westwind' })).toBeFocused()
  await expect(admin).toHaveURL(`${server.address}/settings/users?organization=${id}`)
  await expect(admin.getByRole('table', { name: 'Users' }).getByRole('row')).toHaveCount(2)
  await admin.getByRole('link', { name: 'Workspaces' }).click()
  await expect(admin).toHaveURL(`${server.address}/workspaces?organization=${id}`)
  await admin.getByRole('button', { name: 'New workspace' }).first().click()
  await admin.getByRole('dialog').getByLabel('Name').fill('Planning')
  await admin.getByRole('button', { name: 'Create workspace' }).click()
  await expect(admin.getByRole('heading', { level: 1, name: 'Planning' })).toBeVisible()
  await admin.getByRole('link', { name: 'Settings' }).last().click()
  await expect(admin.getByRole('main').getByText('Westwind')).toBeVisible()
  await admin.setViewportSize({ width: 390, height: 844 })
  await admin.goto(`${server.address}/settings/users`)
  await admin.getByRole('button', { name: 'Stop filtering by Westwind' }).click()
  await expect(admin).toHaveURL(`${server.address}/settings/users`)
  await expect(admin.getByRole('link', { name: 'Ada Berg' })).toBeVisible()
  await admin.setViewportSize({ width: 1280, height: 720 })
})

test('a new instance name and support address show in open consoles and on the sign-in page', async ({ browser }) => {
  await addUser(admin, 'mia')
  const hers = await signIn(browser, server, 'mia')
  await admin.getByRole('link', { name: 'System', exact: true }).click()
  await admin.getByRole('textbox', { name: 'Name', exact: true }).fill('Chatter')
  await admin.getByLabel('Support address').fill('the third floor')
  await admin.getByRole('button', { name: 'Save Changes' }).click()
  await expect(admin.getByText('An e-mail address, or a page such as', { exact: false }).last()).toBeVisible()
  await admin.getByLabel('Support address').fill('help@example.com')
  await admin.getByRole('button', { name: 'Save Changes' }).click()
  await expect(toast(admin, 'System settings saved')).toBeVisible()
  await expect(hers.getByRole('navigation').getByText('Chatter')).toBeVisible()
  await expect(hers.getByRole('link', { name: 'help@example.com' })).toHaveAttribute('href', 'mailto:help@example.com')
  const guest = await visitor(browser, server)
  await expect(guest.getByText('Chatter')).toBeVisible()
  await guest.getByText('Forgot your password?').click()
  await expect(guest.getByRole('link', { name: 'help@example.com' })).toBeVisible()
})

test('security policies are checked beside their fields, and a policy that locks out its author is refused', async () => {
  await admin.getByRole('link', { name: 'Security' }).click()
  await noFindings(admin)
  await admin.getByLabel('Minimum length').fill('7')
  await admin.getByRole('button', { name: 'Save Changes' }).click()
  await expect(admin.getByText('At least 8.')).toBeVisible()
  await admin.getByLabel('Minimum length').fill('12')
  await admin.getByRole('textbox', { name: 'Administrator', exact: true }).fill('203.0.113.0/24')
  await admin.getByRole('button', { name: 'Save Changes' }).click()
  await expect(admin.getByText('This would lock you out', { exact: false })).toBeVisible()
  await admin.getByRole('textbox', { name: 'Administrator', exact: true }).fill('')
  await admin.getByRole('button', { name: 'Save Changes' }).click()
  await expect(toast(admin, 'Security policies saved')).toBeVisible()
  await admin.reload()
  await expect(admin.getByLabel('Minimum length')).toHaveValue('12')
})
