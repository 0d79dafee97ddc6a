import { expect, type Page } from '@playwright/test'
import { noFindings } from './axe.ts'
import { addPerson, addWorkspace, setUp, signIn } from './people.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'

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

const notice = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text })

test('an organization is made, its managers are held to their workspaces, somebody is moved there, and all of it is cut off', async ({ browser }) => {
  const john = await addPerson(admin, 'john.doe', { displayName: 'John Doe' })
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
  await expect(notice(admin, 'Managers reach Assigned workspaces now')).toBeVisible()
  await noFindings(admin)

  const his = await signIn(browser, server, 'john.doe')
  await admin.goto(`${server.address}/users/${john}`)
  await admin.getByRole('button', { name: 'Move to another organization' }).click()
  const moving = admin.getByRole('dialog', { name: 'Move John Doe' })
  await moving.getByRole('button', { name: 'Move' }).click()
  await expect(moving.getByText('Choose an organization').last()).toBeVisible()
  await moving.locator('[aria-haspopup="listbox"]').first().click()
  await admin.getByRole('option', { name: 'Südwind' }).click()
  await moving.getByRole('button', { name: 'Move' }).click()
  await expect(notice(admin, 'John Doe belongs to “Südwind” now')).toBeVisible()
  await expect(his.getByText('Your account was moved to another organization', { exact: false })).toBeVisible()

  const again = await signIn(browser, server, 'john.doe')
  await expect(again.getByText('Südwind')).toBeVisible()
  await admin.getByRole('main').getByRole('link', { name: 'Südwind' }).click()
  await admin.getByRole('button', { name: 'Suspend organization' }).click()
  await admin.getByRole('dialog').getByRole('button', { name: 'Suspend organization' }).click()
  await expect(again.getByText('Your organization was suspended', { exact: false })).toBeVisible()
  await expect(notice(admin, '“Südwind” is suspended')).toBeVisible()
})

test('security policies are checked beside their fields, and none that would lock out its author is saved', async () => {
  await admin.getByRole('link', { name: 'Security' }).click()
  await noFindings(admin)
  await admin.getByLabel('Characters, at least').fill('7')
  await admin.getByRole('button', { name: 'Save changes' }).click()
  await expect(admin.getByText('At least 8.')).toBeVisible()
  await admin.getByLabel('Characters, at least').fill('12')
  await admin.getByRole('textbox', { name: 'Administrator', exact: true }).fill('203.0.113.0/24')
  await admin.getByRole('button', { name: 'Save changes' }).click()
  await expect(admin.getByText('This would lock you out', { exact: false })).toBeVisible()
  await admin.getByRole('textbox', { name: 'Administrator', exact: true }).fill('')
  await admin.getByRole('button', { name: 'Save changes' }).click()
  await expect(notice(admin, 'The security policies are saved')).toBeVisible()
  await admin.reload()
  await expect(admin.getByLabel('Characters, at least')).toHaveValue('12')
})
