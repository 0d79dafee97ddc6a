import { expect, type Page } from '@playwright/test'
import { connect } from '@roster/db'
import { call } from './call.ts'
import { type Database, startDatabase } from './database.ts'
import { type RosterProgram, startProgram } from './rosterProgram.ts'
import { closeAll, test } from './test.ts'
import { addUser, addWorkspace, PASSWORD, setUp, signIn } from './users.ts'

let database: Database
let server: RosterProgram
let admin: Page
test.beforeAll(async ({ browser }) => {
  database = await startDatabase()
  server = await startProgram({ databaseUrl: database.url })
  admin = await setUp(browser, server)
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
  await database.stop()
})

const banner = (page: Page) => page.getByText('Reconnecting…', { exact: false }).first()
const toast = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text })
/** Retry delays grow to 8 s, so a page may take this long to see the server again. */
const BACK = { timeout: 20_000 }

/** Opens the member picker and selects one user. */
async function selectOneUser(workspaceId: string) {
  await admin.goto(`${server.address}/workspaces/${workspaceId}/members?manage=1`)
  const dialog = admin.getByRole('dialog', { name: 'Manage Users' })
  await dialog.getByRole('option', { name: /^Ada Berg/u }).click()
  return { dialog, save: dialog.getByRole('button', { name: 'Save Changes' }) }
}

test('says after a lost connection that the outcome is unknown, then that nothing was saved, and saves on retry', async () => {
  const { dialog, save } = await selectOneUser(await addWorkspace(admin, 'Offline'))
  await admin.context().setOffline(true)
  await save.click()
  await expect(dialog.getByText('we don’t know yet whether your changes were saved', { exact: false })).toBeVisible()
  await expect(banner(admin)).toBeVisible()
  await expect(save).toBeDisabled()
  await admin.context().setOffline(false)
  await expect(
    dialog.getByText('Your changes were not saved. Your selection is still here, so you can save again.'),
  ).toBeVisible(BACK)
  await expect(banner(admin)).toBeHidden(BACK)
  await save.click()
  await expect(toast(admin, '1 user added')).toBeVisible()
})

test('finds out after a lost answer that the change was saved', async () => {
  const { dialog, save } = await selectOneUser(await addWorkspace(admin, 'Lost answer'))
  await admin.route(
    '**/trpc/member.update',
    async (route) => {
      await route.fetch()
      await route.abort('connectionreset')
    },
    { times: 1 },
  )
  await save.click()
  await expect(dialog.getByText('Your changes were saved. There is nothing left to change.')).toBeVisible()
  await expect(save).toBeDisabled()
  await admin.keyboard.press('Escape')
  await expect(admin.getByRole('cell', { name: /^Ada Berg/u })).toBeVisible()
})

test('keeps the input of open tabs during a server restart, and reconnects them', async ({ browser }) => {
  await addUser(admin, 'ben')
  const his = await signIn(browser, server, 'ben')
  await his.goto(`${server.address}/settings/personal`)
  await his.getByLabel('About').fill('Half a sentence that')
  await admin.goto(`${server.address}/workspaces`)
  await expect(admin.getByRole('table', { name: 'Workspaces' })).toBeVisible()

  await server.restart(async () => {
    await expect(banner(his)).toBeVisible(BACK)
    await his.getByRole('button', { name: 'Save Changes' }).click()
    await expect(his.getByText('We lost the connection before the server answered', { exact: false })).toBeVisible()
    await his.getByLabel('About').fill('Half a sentence that goes on.')
  })
  await expect(banner(his)).toBeHidden(BACK)
  await expect(his.getByLabel('About')).toHaveValue('Half a sentence that goes on.')
  await his.getByRole('button', { name: 'Save Changes' }).click()
  await expect(toast(his, 'Profile saved')).toBeVisible()

  await expect(banner(admin)).toBeHidden(BACK)
  await addWorkspace(admin, 'After the restart')
  await expect(admin.getByRole('link', { name: 'After the restart' })).toBeVisible(BACK)
  await his.context().close()
})

test('refuses changes and sign-ins without the database, and recovers on every page', async ({ browser }) => {
  const workspaceId = await addWorkspace(admin, 'Without a database')
  await admin.goto(`${server.address}/workspaces/${workspaceId}/settings`)
  await admin.getByRole('textbox', { name: 'Name' }).fill('Still typed')
  const anonymous = await (await browser.newContext()).newPage()
  await anonymous.goto(`${server.address}/sign-in`)
  await anonymous.getByLabel('Username').fill('admin')
  await anonymous.getByLabel('Password', { exact: true }).fill(PASSWORD)

  await database.halt()
  await admin.getByRole('button', { name: 'Save name' }).click()
  await expect(
    admin.getByText('The database can’t be reached. Nothing was changed. Try again in a moment.'),
  ).toBeVisible()
  await anonymous.getByRole('button', { name: 'Sign in' }).click()
  await expect(
    anonymous.getByText('The database can’t be reached. Nothing was changed. Try again in a moment.'),
  ).toBeVisible()
  const opened = await admin.context().newPage()
  await opened.goto(`${server.address}/workspaces`)
  await expect(
    opened.getByText('Can’t reach the server right now. This page will continue as soon as it’s back.'),
  ).toBeVisible()
  expect((await call(admin, 'workspace.create', { name: 'Refused' })).status).toBe(503)

  await database.resume()
  await expect(opened.getByRole('table', { name: 'Workspaces' })).toBeVisible(BACK)
  await expect(banner(admin)).toBeHidden(BACK)
  await admin.getByRole('button', { name: 'Save name' }).click()
  await expect(toast(admin, 'Renamed to “Still typed”')).toBeVisible()
  await expect(opened.getByRole('link', { name: 'Still typed' })).toBeVisible(BACK)
  await anonymous.getByRole('button', { name: 'Sign in' }).click()
  await expect(anonymous.getByRole('navigation', { name: 'Navigation' })).toBeVisible()
  await opened.close()
  await anonymous.context().close()
})

test('says that the session expired, and returns to the same page after sign-in', async ({ browser }) => {
  const userId = await addUser(admin, 'cem')
  const his = await signIn(browser, server, 'cem')
  await his.goto(`${server.address}/workspaces?q=any`)
  const db = connect({ url: database.url })
  await db.prisma.session.updateMany({ where: { userId }, data: { expiresAt: new Date(Date.now() - 1000) } })
  await db.close()
  const expired = his.getByText('Your session expired. Sign in again.')
  // The open stream may report it first. Then the search field is gone.
  await his.getByRole('searchbox', { name: 'Search workspaces' }).or(expired).first().waitFor()
  if (!(await expired.isVisible()))
    await his
      .getByRole('searchbox', { name: 'Search workspaces' })
      .fill('thing', { timeout: 5_000 })
      .catch(() => undefined)
  await expect(expired).toBeVisible(BACK)
  await his.getByLabel('Username').fill('cem')
  await his.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await his.getByRole('button', { name: 'Sign in' }).click()
  await expect(his.getByRole('searchbox', { name: 'Search workspaces' })).toHaveValue(/any|thing/u)
  await his.context().close()
})

test('keeps eight tabs of one browser live over HTTP/1.1, also after the leading tab closes', async ({ browser }) => {
  const workspaceId = await addWorkspace(admin, 'Eight')
  await addUser(admin, 'dora', { role: 'manager' })
  const first = await signIn(browser, server, 'dora')
  const tabs = [first]
  for (let count = 1; count < 8; count++) tabs.push(await first.context().newPage())
  await Promise.all(tabs.map((tab) => tab.goto(`${server.address}/workspaces/${workspaceId}/settings`)))
  for (const tab of tabs) await expect(tab.getByRole('heading', { level: 1, name: 'Eight' })).toBeVisible(BACK)

  expect((await call(admin, 'workspace.rename', { workspaceId, name: 'Ninth' })).status).toBe(200)
  for (const tab of tabs) await expect(tab.getByRole('heading', { level: 1, name: 'Ninth' })).toBeVisible()
  await first.close()
  expect((await call(admin, 'workspace.rename', { workspaceId, name: 'Tenth' })).status).toBe(200)
  for (const tab of tabs.slice(1)) await expect(tab.getByRole('heading', { level: 1, name: 'Tenth' })).toBeVisible(BACK)
  await tabs[1]?.context().close()
})
