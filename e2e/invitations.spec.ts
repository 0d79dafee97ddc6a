import { expect, type Page } from '@playwright/test'
import { noFindings } from './axe.ts'
import { call } from './call.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'
import { addUser, addWorkspace, PASSWORD, setUp, signIn } from './users.ts'

let server: RosterServer
let admin: Page
let max: string
let research: string
test.beforeAll(async ({ browser }) => {
  server = await startRoster()
  admin = await setUp(browser, server)
  max = await addUser(admin, 'max.stein', { displayName: 'Max Stein', role: 'manager' })
  research = await addWorkspace(admin, 'Research', [max])
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
})

const toast = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text })
const closed = (page: Page) => page.getByRole('heading', { level: 1, name: 'This invitation no longer works' })

test('an invited user creates an account with the copied link and is a member; the link works once', async ({
  browser,
}) => {
  const manager = await signIn(browser, server, 'max.stein', { permissions: ['clipboard-read', 'clipboard-write'] })
  await manager.getByRole('link', { name: 'Invitations' }).click()
  await expect(manager.getByRole('heading', { name: 'No invitations yet' })).toBeVisible()
  await manager.getByRole('button', { name: 'Invite' }).first().click()
  const dialog = manager.getByRole('dialog', { name: 'Invite users' })
  await dialog.getByRole('combobox', { name: 'Find workspaces' }).click()
  await dialog.getByRole('option', { name: 'Research' }).click()
  await dialog.getByRole('combobox', { name: 'Find workspaces' }).press('Escape')
  await noFindings(manager)
  await dialog.getByRole('button', { name: 'Create invitation' }).click()
  const created = manager.getByRole('dialog', { name: 'Invitation created' })
  await created.getByRole('button', { name: 'Copy link' }).click()
  const link = await manager.evaluate(() => navigator.clipboard.readText())
  expect(link).toMatch(new RegExp(`^${server.address}/invitation#.{20,}$`, 'u'))
  await created.getByRole('button', { name: 'Done' }).click()
  await expect(manager.getByRole('table').getByText('Open').last()).toBeVisible()
  await noFindings(manager)

  const guest = await (await browser.newContext()).newPage()
  await guest.goto(link)
  await expect(guest.getByText('Max Stein invited you', { exact: false })).toBeVisible()
  await expect(guest.getByText('Research')).toBeVisible()
  await expect(guest).toHaveURL(`${server.address}/invitation`)
  await noFindings(guest)
  await guest.getByLabel('Username').fill('admin')
  await guest.getByLabel('Display name').fill('Grace Hopper')
  await guest.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await guest.getByRole('button', { name: 'Create account and sign in' }).click()
  await expect(guest.getByText('The name “admin” is taken.')).toBeVisible()
  await guest.getByLabel('Username').fill('grace.h')
  await guest.getByRole('button', { name: 'Create account and sign in' }).click()
  await expect(guest.getByRole('main').getByRole('link', { name: 'Research', exact: true })).toBeVisible()
  // The manager's list updates without a reload.
  await expect(manager.getByRole('table').getByText('Used up').last()).toBeVisible()

  const late = await (await browser.newContext()).newPage()
  await late.goto(link)
  await expect(closed(late)).toBeVisible()
})

test('an invitation stops working when it is revoked, or when its inviter is demoted while the form is open', async ({
  browser,
}) => {
  const manager = await signIn(browser, server, 'max.stein')
  const create = async () =>
    ((await call(manager, 'invitation.create', { workspaceIds: [research] })).data as { path: string }).path
  const [revoked, dead] = [await create(), await create()]
  await manager.goto(`${server.address}/settings/invitations?state=open`)
  // The newest comes first.
  await manager.getByRole('button', { name: 'Revoke the invitation created by Max Stein' }).last().click()
  await manager.getByRole('dialog').getByRole('button', { name: 'Revoke invitation' }).click()
  await expect(toast(manager, 'Invitation revoked')).toBeVisible()
  const guest = await (await browser.newContext()).newPage()
  await guest.goto(server.address + revoked)
  await expect(closed(guest)).toBeVisible()

  const other = await (await browser.newContext()).newPage()
  await other.goto(server.address + dead)
  await other.getByLabel('Username').fill('late.comer')
  await other.getByLabel('Password', { exact: true }).fill(PASSWORD)
  expect((await call(admin, 'user.setRole', { userId: max, role: 'default', expected: 'manager' })).status).toBe(200)
  await other.getByRole('button', { name: 'Create account and sign in' }).click()
  await expect(closed(other)).toBeVisible()
  await admin.goto(`${server.address}/settings/invitations?state=dead`)
  await expect(admin.getByText('The user who created it no longer has permission', { exact: false })).toBeVisible()
  expect((await call(admin, 'user.setRole', { userId: max, role: 'manager', expected: 'default' })).status).toBe(200)
})

test('a member requests access for someone, a manager adds the user, and both see it immediately', async ({
  browser,
}) => {
  await addUser(admin, 'dora.lund', { displayName: 'Dora Lund', workspaceIds: [research] })
  await addUser(admin, 'nina.voss', { displayName: 'Nina Voss' })
  const manager = await signIn(browser, server, 'max.stein')
  const hers = await signIn(browser, server, 'dora.lund')
  await hers.goto(`${server.address}/workspaces/${research}/members`)
  await hers.getByRole('button', { name: 'Request access for someone' }).click()
  const dialog = hers.getByRole('dialog', { name: 'Request access for someone' })
  await dialog.getByLabel('Who should be added?').fill('Nina from sales')
  await noFindings(hers)
  await dialog.getByRole('button', { name: 'Send request' }).click()
  const own = hers.getByRole('list', { name: 'Your requests' })
  await expect(own.getByText('Open')).toBeVisible()

  await expect(manager.getByRole('link', { name: 'Requests' })).toContainText('1 open request')
  await manager.getByRole('link', { name: 'Requests' }).click()
  await expect(manager.getByText('Requested by Dora Lund', { exact: false })).toBeVisible()
  await noFindings(manager)
  await manager.getByRole('button', { name: 'Accept the request for Nina from sales' }).click()
  const accepting = manager.getByRole('dialog', { name: 'Add Nina from sales' })
  await accepting.getByRole('textbox', { name: 'Search users who aren’t members' }).fill('nina')
  await accepting.getByRole('radio', { name: /^Nina Voss/u }).check()
  await noFindings(manager)
  await accepting.getByRole('button', { name: 'Add to workspace' }).click()
  await expect(toast(manager, 'Nina Voss added to “Research”')).toBeVisible()
  await expect(own.getByText('Accepted')).toBeVisible()
  await expect(hers.getByRole('table', { name: 'Members' }).getByText('Nina Voss')).toBeVisible()
})
