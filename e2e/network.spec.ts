import { expect, type Page } from '@playwright/test'
import { connect } from '@roster/db'
import { call } from './call.ts'
import { type Database, startDatabase } from './database.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'
import { addUser, addWorkspace, PASSWORD, setUp, signIn } from './users.ts'

let database: Database
let server: RosterServer
let admin: Page
test.beforeAll(async ({ browser }) => {
  database = await startDatabase()
  server = await startRoster({ databaseUrl: database.url })
  admin = await setUp(browser, server)
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
  await database.stop()
})

const banner = (page: Page) => page.getByText('Reconnecting…', { exact: false }).first()
const notice = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text })
/** Waits between tries grow to 8 s; so long may a page take to see that the server is back. */
const BACK = { timeout: 20_000 }

/** A picker with one person ticked. */
async function checked(workspaceId: string) {
  await admin.goto(`${server.address}/workspaces/${workspaceId}/members?manage=1`)
  const dialog = admin.getByRole('dialog', { name: 'Manage Users' })
  await dialog.getByRole('option', { name: /^Ada Berg/u }).click()
  return { dialog, save: dialog.getByRole('button', { name: 'Save Changes' }) }
}

test('the network goes and comes back: a save says that nobody knows, then that it was not saved, and works as it stands', async () => {
  const { dialog, save } = await checked(await addWorkspace(admin, 'Offline'))
  await admin.context().setOffline(true)
  await save.click()
  await expect(dialog.getByText('we don’t know yet whether your changes were saved', { exact: false })).toBeVisible()
  await expect(banner(admin)).toBeVisible()
  await expect(save).toBeDisabled()
  await admin.context().setOffline(false)
  await expect(dialog.getByText('Your changes were not saved. Your selection is still here, so you can save again.')).toBeVisible(BACK)
  await expect(banner(admin)).toBeHidden(BACK)
  await save.click()
  await expect(notice(admin, '1 user added')).toBeVisible()
})

test('only the answer to a save is lost: the console finds out that it was saved', async () => {
  const { dialog, save } = await checked(await addWorkspace(admin, 'Lost answer'))
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

test('a server that starts anew under open tabs: they say so, keep what was typed, and are live again', async ({ browser }) => {
  await addUser(admin, 'ben')
  const his = await signIn(browser, server, 'ben')
  await his.goto(`${server.address}/settings/personal`)
  await his.getByLabel('About').fill('Half a sentence that')
  await admin.goto(`${server.address}/workspaces`)
  await expect(admin.getByRole('table', { name: 'Workspaces' })).toBeVisible()

  await server.restart(async () => {
    await expect(banner(his)).toBeVisible(BACK)
    await his.getByRole('button', { name: 'Save changes' }).click()
    await expect(his.getByText('We lost the connection before the server answered', { exact: false })).toBeVisible()
    await his.getByLabel('About').fill('Half a sentence that goes on.')
  })
  await expect(banner(his)).toBeHidden(BACK)
  await expect(his.getByLabel('About')).toHaveValue('Half a sentence that goes on.')
  await his.getByRole('button', { name: 'Save changes' }).click()
  await expect(notice(his, 'Profile saved')).toBeVisible()

  await expect(banner(admin)).toBeHidden(BACK)
  await addWorkspace(admin, 'After the restart')
  await expect(admin.getByRole('link', { name: 'After the restart' })).toBeVisible(BACK)
  await his.context().close()
})

test('the database goes and comes back: changes are refused with a sentence, nobody gets in, and every page recovers by itself', async ({ browser }) => {
  const workspaceId = await addWorkspace(admin, 'Without a database')
  await admin.goto(`${server.address}/workspaces/${workspaceId}/settings`)
  await admin.getByRole('textbox', { name: 'Name' }).fill('Still typed')
  const outside = await (await browser.newContext()).newPage()
  await outside.goto(`${server.address}/sign-in`)
  await outside.getByLabel('Username').fill('admin')
  await outside.getByLabel('Password', { exact: true }).fill(PASSWORD)

  await database.halt()
  await admin.getByRole('button', { name: 'Save name' }).click()
  await expect(admin.getByText('The database can’t be reached. Nothing was changed. Try again in a moment.')).toBeVisible()
  await outside.getByRole('button', { name: 'Sign in' }).click()
  await expect(outside.getByText('The database can’t be reached. Nothing was changed. Try again in a moment.')).toBeVisible()
  const opened = await admin.context().newPage()
  await opened.goto(`${server.address}/workspaces`)
  await expect(opened.getByText('Can’t reach the server right now. This page will continue as soon as it’s back.')).toBeVisible()
  expect((await call(admin, 'workspace.create', { name: 'Nobody' })).status).toBe(503)

  await database.resume()
  await expect(opened.getByRole('table', { name: 'Workspaces' })).toBeVisible(BACK)
  await expect(banner(admin)).toBeHidden(BACK)
  await admin.getByRole('button', { name: 'Save name' }).click()
  await expect(notice(admin, 'Renamed to “Still typed”')).toBeVisible()
  await expect(opened.getByRole('link', { name: 'Still typed' })).toBeVisible(BACK)
  await outside.getByRole('button', { name: 'Sign in' }).click()
  await expect(outside.getByRole('navigation', { name: 'Navigation' })).toBeVisible()
  await opened.close()
  await outside.context().close()
})

test('a session that has expired says so on the next call, and its owner comes back to where they were', async ({ browser }) => {
  const userId = await addUser(admin, 'cem')
  const his = await signIn(browser, server, 'cem')
  await his.goto(`${server.address}/workspaces?q=any`)
  const db = connect({ url: database.url })
  await db.prisma.session.updateMany({ where: { userId }, data: { expiresAt: new Date(Date.now() - 1000) } })
  await db.close()
  const told = his.getByText('Your session expired. Sign in again.')
  // The open stream finds out by itself before long, and may be first; then there is nothing left to type into.
  await his.getByRole('searchbox', { name: 'Search workspaces' }).or(told).first().waitFor()
  if (!(await told.isVisible()))
    await his
      .getByRole('searchbox', { name: 'Search workspaces' })
      .fill('thing', { timeout: 5_000 })
      .catch(() => undefined)
  await expect(told).toBeVisible(BACK)
  await his.getByLabel('Username').fill('cem')
  await his.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await his.getByRole('button', { name: 'Sign in' }).click()
  await expect(his.getByRole('searchbox', { name: 'Search workspaces' })).toHaveValue(/any|thing/u)
  await his.context().close()
})

test('eight tabs of one browser are all live over HTTP/1.1, and stay so when the one that holds their stream is closed', async ({ browser }) => {
  const workspaceId = await addWorkspace(admin, 'Eight')
  await addUser(admin, 'dora', { role: 'manager' })
  const first = await signIn(browser, server, 'dora')
  const tabs = [first]
  for (let at = 1; at < 8; at++) tabs.push(await first.context().newPage())
  await Promise.all(tabs.map((tab) => tab.goto(`${server.address}/workspaces/${workspaceId}/settings`)))
  for (const tab of tabs) await expect(tab.getByRole('heading', { level: 1, name: 'Eight' })).toBeVisible(BACK)

  expect((await call(admin, 'workspace.rename', { workspaceId, name: 'Ninth' })).status).toBe(200)
  for (const tab of tabs) await expect(tab.getByRole('heading', { level: 1, name: 'Ninth' })).toBeVisible()
  await first.close()
  expect((await call(admin, 'workspace.rename', { workspaceId, name: 'Tenth' })).status).toBe(200)
  for (const tab of tabs.slice(1)) await expect(tab.getByRole('heading', { level: 1, name: 'Tenth' })).toBeVisible(BACK)
  await tabs[1]?.context().close()
})
