import { expect, type Page } from '@playwright/test'
import { noFindingsInBothThemes } from './axe.ts'
import { call } from './call.ts'
import { watchForeignRequests } from './foreignRequests.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'
import { addUser, addUsers, addWorkspace, setUp, signIn } from './users.ts'

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

const table = () => admin.getByRole('table', { name: 'Users' })
/** The names in the list, in order. */
const listed = () => table().getByRole('link').allTextContents()
const columnHeader = (name: string) => table().getByRole('columnheader', { name, exact: true })
const filter = (name: string) => admin.getByRole('group', { name: 'Filters' }).getByRole('button', { name })

test('an empty list explains the next step and opens the Add User dialog', async () => {
  const foreignRequests = watchForeignRequests(admin, server.address)
  await admin.getByRole('link', { name: 'Users' }).first().click()
  await expect(admin.getByText('You’re the only user so far')).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin.getByRole('main').getByRole('button', { name: 'Add User' }).last().click()
  await expect(admin).toHaveURL(/\?add=1$/u)
  await expect(admin.getByRole('dialog', { name: 'Add User' })).toBeVisible()
  await admin.goBack()
  await expect(admin.getByRole('dialog')).toHaveCount(0)
  expect(foreignRequests).toEqual([])
})

test('pages and sorts sixty users, and keeps both in the URL', async () => {
  await addUsers(admin, 57)
  const ann = await addUser(admin, 'ann.field', { displayName: 'Ann Field', role: 'manager' })
  const zoe = await addUser(admin, 'zoe.field', { displayName: 'Zoë Field' })
  await addWorkspace(admin, 'Research', [ann, zoe])
  for (const name of ['Alpha', 'Beta', 'Gamma']) await addWorkspace(admin, name, [ann])
  expect((await call(admin, 'user.suspend', { userId: zoe })).status).toBe(200)

  await admin.goto(`${server.address}/settings/users`)
  await expect(admin.getByText('60 users').first()).toBeVisible()
  await expect.poll(async () => (await listed()).length).toBe(25)
  await expect(columnHeader('Username')).toHaveAttribute('aria-sort', 'ascending')
  await expect(table().getByRole('row', { name: /Ann Field/u })).toContainText('Alpha, Beta, Gamma')
  await expect(table().getByRole('row', { name: /Ann Field/u })).toContainText('+1')

  await admin.getByRole('button', { name: 'Next page' }).click()
  await expect.poll(async () => (await listed())[0]).toBe('user.0023')
  await admin.getByRole('button', { name: 'Next page' }).click()
  await expect.poll(async () => (await listed()).length).toBe(10)
  const last = await listed()
  await admin.reload()
  await expect.poll(listed).toEqual(last)
  await admin.goBack()
  await expect.poll(async () => (await listed())[0]).toBe('user.0023')

  await admin.getByRole('combobox', { name: 'Users per page' }).selectOption('50 per page')
  await expect.poll(async () => (await listed()).length).toBe(50)
  await expect(admin).toHaveURL(/\/settings\/users\?size=50$/u)
  await admin.getByRole('button', { name: 'Name', exact: true }).click()
  await expect(columnHeader('Name')).toHaveAttribute('aria-sort', 'ascending')
  await columnHeader('Created').getByRole('button').click()
  await expect.poll(async () => (await listed())[0]).toBe('Zoë Field')
  await expect(columnHeader('Created')).toHaveAttribute('aria-sort', 'descending')
  await columnHeader('Created').getByRole('button').click()
  await expect.poll(async () => (await listed())[0]).toBe('Ada Berg')
  await expect(admin).toHaveURL(/\?size=50&sort=created$/u)
})

test('combines search and filters, and follows the browser’s Back', async () => {
  await admin.goto(`${server.address}/settings/users`)
  await admin.getByRole('searchbox', { name: 'Search by name or username' }).fill('zoe')
  await expect.poll(listed).toEqual(['Zoë Field'])
  await admin.getByRole('searchbox').fill('field')
  await expect.poll(listed).toEqual(['Ann Field', 'Zoë Field'])
  await filter('Status').click()
  await admin.getByRole('menuitemcheckbox', { name: 'Suspended' }).click()
  await expect.poll(listed).toEqual(['Zoë Field'])
  await admin.keyboard.press('Escape')
  await expect(filter('Status: Suspended')).toBeFocused()
  await admin.reload()
  await expect.poll(listed).toEqual(['Zoë Field'])
  await expect(admin.getByRole('searchbox')).toHaveValue('field')
  await admin.goBack()
  await expect.poll(listed).toEqual(['Ann Field', 'Zoë Field'])

  await filter('Workspace').click()
  await admin.getByRole('combobox', { name: 'Search workspaces' }).fill('gam')
  await expect(admin.getByRole('option')).toHaveText(['Gamma'])
  await admin.keyboard.press('Enter')
  await expect.poll(listed).toEqual(['Ann Field'])
  await admin.reload()
  await expect(filter('Workspace: Gamma')).toBeVisible()
  await filter('Role').click()
  await admin.getByRole('menuitemcheckbox', { name: 'Administrator' }).click()
  await expect(admin.getByText('No results')).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin.keyboard.press('Escape')
  await admin.getByRole('button', { name: 'Clear search and filters' }).click()
  await expect.poll(async () => (await listed()).length).toBe(25)
  await filter('Never signed in').click()
  await expect(admin.getByText('59 users').first()).toBeVisible()
  await expect(admin).toHaveURL(/\/settings\/users\?never=1$/u)
})

test('shows users added elsewhere without a reload', async ({ browser }) => {
  const other = await signIn(browser, server, 'admin')
  await admin.goto(`${server.address}/settings/users?q=walter`)
  await expect(admin.getByText('No results')).toBeVisible()
  await addUser(other, 'walter', { displayName: 'Walter' })
  await expect.poll(listed).toEqual(['Walter'])
  await other.context().close()
})

test('the list has no accessibility findings', async () => {
  await admin.goto(`${server.address}/settings/users`)
  await expect.poll(async () => (await listed()).length).toBe(25)
  await noFindingsInBothThemes(admin)
})

test('the list with open menus has no accessibility findings', async () => {
  await admin.goto(`${server.address}/settings/users?q=field`)
  await expect.poll(listed).toEqual(['Ann Field', 'Zoë Field'])
  await filter('Role').press('Enter')
  await expect(admin.getByRole('menuitemcheckbox', { name: 'Manager' })).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin.keyboard.press('Escape')
  await expect(filter('Role')).toBeFocused()
  await filter('Workspace').press('Enter')
  await expect(admin.getByRole('combobox', { name: 'Search workspaces' })).toBeFocused()
  await expect(admin.getByRole('option', { name: 'Research' })).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin.keyboard.press('Escape')
  await expect(filter('Workspace')).toBeFocused()
  await admin.getByRole('button', { name: 'Actions for Ann Field' }).press('Enter')
  await expect(admin.getByRole('menuitem', { name: 'Suspend' })).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin.keyboard.press('Escape')
  await expect(admin.getByRole('button', { name: 'Actions for Ann Field' })).toBeFocused()
})

test('fits a phone’s width when sorted, filtered and selected', async () => {
  await admin.setViewportSize({ width: 360, height: 780 })
  await admin.goto(`${server.address}/settings/users?q=field`)
  await expect.poll(listed).toEqual(['Ann Field', 'Zoë Field'])
  await admin.getByRole('combobox', { name: 'Sort by' }).selectOption('Newest first')
  await expect.poll(listed).toEqual(['Zoë Field', 'Ann Field'])
  await admin.getByRole('button', { name: 'Filters' }).click()
  await expect(filter('Never signed in')).toBeVisible()
  await admin.getByRole('checkbox', { name: 'Select this page' }).press('Space')
  await expect(admin.getByText('2 selected').first()).toBeVisible()
  expect(await admin.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  await noFindingsInBothThemes(admin)
  await admin.setViewportSize({ width: 1280, height: 720 })
})
