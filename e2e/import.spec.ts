import { readFile } from 'node:fs/promises'
import { expect, type Page } from '@playwright/test'
import { noFindings, noFindingsInBothThemes } from './axe.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'
import { addWorkspace, PASSWORD, setUp, visitor } from './users.ts'

let server: RosterServer
let admin: Page
test.beforeAll(async ({ browser }) => {
  server = await startRoster()
  admin = await setUp(browser, server)
  await addWorkspace(admin, 'Research')
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
})

const rows = () => admin.getByRole('region', { name: 'Rows' })
async function choose(text: string, name = 'users.csv'): Promise<void> {
  await admin.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
}
async function downloaded(press: () => Promise<void>): Promise<string> {
  const [file] = await Promise.all([admin.waitForEvent('download'), press()])
  return readFile(await file.path(), 'utf8')
}

test('a file is mapped, reviewed and imported, and an imported user signs in with the link from the results', async ({
  browser,
}) => {
  await admin.goto(`${server.address}/settings/users`)
  await admin.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(admin.getByRole('heading', { name: 'Choose a CSV file' })).toBeVisible()
  await noFindings(admin)

  await choose(
    'Login;Full name;Shoe size;Team\nmia.wolf;Mia Wolf;38;research\nBad Name;Ben;43;\nben.lang;Ben Lang;43;Nowhere\n',
  )
  await expect(admin.getByRole('heading', { name: 'Match columns' })).toBeVisible()
  await expect(admin.getByLabel('Field for “Login”')).toHaveValue('username')
  await expect(admin.getByLabel('Field for “Team”')).toHaveValue('workspaces')
  await admin.getByLabel('Field for “Full name”').selectOption('')
  await admin.getByLabel('Field for “Shoe size”').selectOption('displayName')
  await admin.getByLabel('Field for “Full name”').selectOption('displayName')
  await expect(admin.getByLabel('Field for “Shoe size”')).toHaveValue('')
  await noFindings(admin)

  await admin.getByRole('button', { name: 'Review rows' }).click()
  await expect(admin.getByRole('heading', { name: 'Review before creating' })).toBeVisible()
  await expect(rows().getByRole('listitem')).toHaveCount(3)
  await expect(rows()).toContainText('Username: Use only lowercase letters, numbers, dots, underscores and hyphens.')
  await expect(rows()).toContainText('The workspace “Nowhere” doesn’t exist')
  await admin.getByRole('radio', { name: 'Problems (2)' }).click()
  await expect(rows().getByRole('listitem')).toHaveCount(2)
  await noFindings(admin)

  await admin.getByRole('button', { name: 'Create 1 user' }).click()
  await expect(admin.getByRole('heading', { name: 'Import finished' })).toBeVisible()
  await expect(admin.getByText('1 created · 2 not created').first()).toBeVisible()
  await noFindingsInBothThemes(admin)
  await admin.getByRole('link', { name: 'View users' }).click()
  await expect(admin.getByRole('dialog', { name: 'Leave without the results?' })).toBeVisible()
  await admin.getByRole('button', { name: 'Stay on this page' }).click()

  const results = await downloaded(() => admin.getByRole('button', { name: 'Download results' }).click())
  expect(results).toContain('3,ben.lang,Ben Lang,Not created,')
  const link = /1,mia\.wolf,Mia Wolf,Created,,(\S+?\/link#[\w-]+)/u.exec(results)?.[1] ?? ''
  const mia = await visitor(browser, server)
  await mia.goto(link)
  await mia.getByLabel('New password').first().fill(PASSWORD)
  await mia.getByRole('button', { name: 'Save and sign in' }).click()
  await expect(mia.getByRole('main').getByRole('link', { name: 'Research' }).first()).toBeVisible()

  await admin.getByRole('link', { name: 'View users' }).click()
  await expect(admin.getByRole('link', { name: 'Mia Wolf' })).toBeVisible()
})

test('an export downloads the filtered list', async () => {
  await admin.goto(`${server.address}/settings/users?q=mia`)
  await expect(admin.getByRole('link', { name: 'Mia Wolf' })).toBeVisible()
  const text = await downloaded(() => admin.getByRole('button', { name: 'Export', exact: true }).click())
  const [head, ...lines] = text.replace('\ufeff', '').trim().split('\r\n')
  expect(head).toMatch(/^username,display name,role,status,/u)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^mia\.wolf,Mia Wolf,Default User,active,Nordwind,Research,/u)
})

test('a previewed import is discarded from the list after a confirmation', async () => {
  await admin.goto(`${server.address}/settings/import`)
  await choose('username\nzoe.abel\nzack.abel\n', 'leavers.csv')
  await admin.getByRole('button', { name: 'Review rows' }).click()
  await expect(admin.getByRole('heading', { name: 'Review before creating' })).toBeVisible()
  await admin.goto(`${server.address}/settings/import`)
  await admin.getByRole('button', { name: 'Discard leavers.csv' }).click()
  const dialog = admin.getByRole('dialog', { name: 'Discard “leavers.csv”?' })
  await expect(dialog).toContainText('No users have been created. 2 users will not be created.')
  await noFindings(admin)
  await dialog.getByRole('button', { name: 'Discard import' }).click()
  await expect(dialog).toBeHidden()
  await expect(admin.getByText('Import discarded', { exact: true }).first()).toBeVisible()
  await expect(admin.getByRole('heading', { name: 'Recent imports' })).toBeVisible()
  await expect(admin.getByRole('button', { name: 'Open users.csv' })).toBeVisible()
  await expect(admin.getByRole('main').getByText('leavers.csv', { exact: true })).toHaveCount(0)
})
