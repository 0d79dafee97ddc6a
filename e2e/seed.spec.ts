import { expect, type Page } from '@playwright/test'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'
import { addUser, addWorkspace, setUp } from './users.ts'

/** The six steps of the product's first description, in its own words. */
let server: RosterServer
let admin: Page
test.beforeAll(async ({ browser }) => {
  server = await startRoster()
  admin = await setUp(browser, server)
  await addUser(admin, 'team_member_1', { displayName: 'Team Member One' })
  await addWorkspace(admin, 'Research')
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
})

const toast = (text: string) => admin.getByRole('listitem').filter({ hasText: text })
const row = (name: string) => admin.getByRole('table', { name: 'Users' }).getByRole('row').filter({ hasText: name })

async function chooseAction(name: string, action: string): Promise<void> {
  await admin.getByRole('button', { name: `Actions for ${name}` }).click()
  await admin.getByRole('menuitem', { name: action, exact: true }).click()
}

test('an administrator adds a user, edits, suspends, reactivates and deletes users, and manages the members of a workspace', async () => {
  test.setTimeout(180_000)
  const dialog = admin.getByRole('dialog', { name: 'Add User' })

  await test.step('1. Settings > Users, Add User', async () => {
    await admin.goto(`${server.address}/workspaces`)
    await expect(admin.getByRole('heading', { name: 'Settings', exact: true })).toBeVisible()
    await admin.getByRole('link', { name: 'Users', exact: true }).click()
    await expect(admin).toHaveURL(`${server.address}/settings/users`)
    await admin.getByRole('button', { name: 'Add User', exact: true }).first().click()
    await expect(dialog).toBeVisible()
  })

  await test.step('2. Username and Password, optionally a display name and About', async () => {
    await dialog.getByLabel('Username').fill('john.doe')
    await dialog.getByLabel('Password', { exact: true }).fill('first day at work')
    await dialog.getByLabel('Display name').fill('John Doe')
    await dialog.getByLabel('About', { exact: true }).fill('Answers customers.')
  })

  await test.step('3. Role: Default User, Manager or Administrator', async () => {
    const role = dialog.getByRole('combobox', { name: 'Role' })
    await expect(role).toContainText('Default User')
    await role.click()
    await expect(admin.getByRole('option')).toHaveText([/^Default User/u, /^Manager/u, /^Administrator/u])
    await admin.getByRole('option', { name: /^Manager/u }).click()
    await expect(role).toContainText('Manager')
    await role.click()
    await admin.getByRole('option', { name: /^Default User/u }).click()
  })

  await test.step('4. Advanced Options: a Daily Message Limit of 10', async () => {
    await dialog.getByRole('button', { name: 'Advanced Options' }).click()
    await dialog.getByRole('switch', { name: 'Daily Message Limit' }).click()
    await expect(dialog.getByLabel('Messages per day')).toHaveValue('10')
    await dialog.getByLabel('Messages per day').fill('10')
  })

  await test.step('5. The success message and the user in the list; Edit, Suspend, reactivate and Delete', async () => {
    await dialog.getByRole('button', { name: 'Add User', exact: true }).click()
    const added = admin.getByRole('dialog', { name: 'John Doe added' })
    await expect(added.getByText('first day at work')).toBeVisible()
    await added.getByRole('button', { name: 'Done' }).click()
    await expect(row('john.doe')).toContainText('Default User')
    await expect(row('john.doe').getByRole('cell', { name: '10', exact: true })).toBeVisible()

    await admin.getByRole('button', { name: 'Actions for John Doe' }).click()
    await expect(admin.getByRole('menuitem').first()).toHaveText('Edit')
    await admin.getByRole('menuitem', { name: 'Edit', exact: true }).click()
    await admin.getByLabel('Display name').fill('John A. Doe')
    await admin.getByRole('button', { name: 'Save Changes' }).click()
    await expect(toast('Profile of John A. Doe saved')).toBeVisible()
    await admin.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Users' }).click()

    await chooseAction('John A. Doe', 'Suspend')
    await expect(toast('John A. Doe suspended')).toBeVisible()
    await expect(row('john.doe')).toContainText('Suspended')
    await chooseAction('John A. Doe', 'Reactivate')
    await expect(toast('John A. Doe reactivated')).toBeVisible()
    await expect(row('john.doe')).not.toContainText('Suspended')

    await chooseAction('Team Member One', 'Delete')
    const confirmation = admin.getByRole('dialog', { name: 'Delete Team Member One?' })
    await confirmation.getByRole('textbox').fill('team_member_1')
    await confirmation.getByRole('button', { name: 'Delete user' }).click()
    await expect(toast('Team Member One deleted')).toBeVisible()
    await expect(row('team_member_1')).toHaveCount(0)
  })

  await test.step('6. A workspace’s Settings > Members > Manage Users: search, select, Save Changes', async () => {
    await admin.getByRole('link', { name: 'Workspaces', exact: true }).click()
    await admin.getByRole('table', { name: 'Workspaces' }).getByRole('link', { name: 'Research' }).click()
    const sections = admin.getByRole('navigation', { name: 'Workspace sections' })
    await sections.getByRole('link', { name: 'Settings' }).click()
    await admin.getByRole('region', { name: 'Members' }).getByRole('button', { name: 'Manage Users' }).click()
    const picker = admin.getByRole('dialog', { name: 'Manage Users' })
    await picker.getByRole('searchbox', { name: 'Search users' }).fill('john')
    await expect(picker.getByRole('option')).toHaveCount(1)
    await picker.getByRole('option', { name: /John A. Doe/u }).click()
    await expect(picker.getByText('1 to add').first()).toBeVisible()
    await picker.getByRole('button', { name: 'Save Changes' }).click()
    await expect(toast('1 user added to “Research”')).toBeVisible()
    await sections.getByRole('link', { name: 'Members' }).click()
    await expect(admin.getByRole('table', { name: 'Members' })).toContainText('John A. Doe')
  })
})
