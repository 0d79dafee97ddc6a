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

const notice = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text })
const over = (page: Page) => page.getByRole('heading', { level: 1, name: 'This invitation no longer works' })

test('somebody is invited into a workspace, makes their own account by the copied link, and is in it; the link works once', async ({ browser }) => {
  const manager = await signIn(browser, server, 'max.stein', { permissions: ['clipboard-read', 'clipboard-write'] })
  await manager.getByRole('link', { name: 'Invitations' }).click()
  await expect(manager.getByRole('heading', { name: 'Nobody is invited yet' })).toBeVisible()
  await manager.getByRole('button', { name: 'Invite' }).first().click()
  const dialog = manager.getByRole('dialog', { name: 'Invite' })
  await dialog.getByRole('combobox', { name: 'Find workspaces' }).click()
  await dialog.getByRole('option', { name: 'Research' }).click()
  await dialog.getByRole('combobox', { name: 'Find workspaces' }).press('Escape')
  await noFindings(manager)
  await dialog.getByRole('button', { name: 'Create invitation' }).click()
  const made = manager.getByRole('dialog', { name: 'The invitation is ready' })
  await made.getByRole('button', { name: 'Copy link' }).click()
  const link = await manager.evaluate(() => navigator.clipboard.readText())
  expect(link).toMatch(new RegExp(`^${server.address}/invitation#.{20,}$`, 'u'))
  await made.getByRole('button', { name: 'Done' }).click()
  await expect(manager.getByRole('table').getByText('Open').last()).toBeVisible()
  await noFindings(manager)

  const guest = await (await browser.newContext()).newPage()
  await guest.goto(link)
  await expect(guest.getByText('Max Stein invites you', { exact: false })).toBeVisible()
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
  // The list of whoever invited changes by itself.
  await expect(manager.getByRole('table').getByText('Used up').last()).toBeVisible()

  const late = await (await browser.newContext()).newPage()
  await late.goto(link)
  await expect(over(late)).toBeVisible()
})

test('a revoked invitation is dead, and so is one whose inviter was demoted, while somebody fills in the form', async ({ browser }) => {
  const manager = await signIn(browser, server, 'max.stein')
  const made = async () => ((await call(manager, 'invitation.create', { workspaceIds: [research] })).data as { path: string }).path
  const [revoked, dead] = [await made(), await made()]
  await manager.goto(`${server.address}/settings/invitations?state=open`)
  // The newest comes first.
  await manager.getByRole('button', { name: 'Revoke the invitation by Max Stein' }).last().click()
  await manager.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(notice(manager, 'The invitation is revoked')).toBeVisible()
  const guest = await (await browser.newContext()).newPage()
  await guest.goto(server.address + revoked)
  await expect(over(guest)).toBeVisible()

  const other = await (await browser.newContext()).newPage()
  await other.goto(server.address + dead)
  await other.getByLabel('Username').fill('late.comer')
  await other.getByLabel('Password', { exact: true }).fill(PASSWORD)
  expect((await call(admin, 'user.setRole', { userId: max, role: 'default', expected: 'manager' })).status).toBe(200)
  await other.getByRole('button', { name: 'Create account and sign in' }).click()
  await expect(over(other)).toBeVisible()
  await admin.goto(`${server.address}/settings/invitations?state=dead`)
  await expect(admin.getByText('Whoever gave it could not give it any more', { exact: false })).toBeVisible()
  expect((await call(admin, 'user.setRole', { userId: max, role: 'manager', expected: 'default' })).status).toBe(200)
})

test('a member asks for a colleague, a manager adds who is meant, and both see it at once', async ({ browser }) => {
  await addUser(admin, 'dora.lund', { displayName: 'Dora Lund', workspaceIds: [research] })
  await addUser(admin, 'nina.voss', { displayName: 'Nina Voss' })
  const manager = await signIn(browser, server, 'max.stein')
  const hers = await signIn(browser, server, 'dora.lund')
  await hers.goto(`${server.address}/workspaces/${research}/members`)
  await hers.getByRole('button', { name: 'Ask for a colleague' }).click()
  const dialog = hers.getByRole('dialog', { name: 'Ask for a colleague' })
  await dialog.getByLabel('Whom').fill('Nina from sales')
  await noFindings(hers)
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click()
  const own = hers.getByRole('list', { name: 'Your requests' })
  await expect(own.getByText('Open')).toBeVisible()

  await expect(manager.getByRole('link', { name: 'Requests' })).toContainText('1 open request')
  await manager.getByRole('link', { name: 'Requests' }).click()
  await expect(manager.getByText('Asked by Dora Lund', { exact: false })).toBeVisible()
  await noFindings(manager)
  await manager.getByRole('button', { name: 'Accept the request for Nina from sales' }).click()
  const meant = manager.getByRole('dialog', { name: 'Who is meant?' })
  await meant.getByRole('textbox', { name: 'Search people who aren’t in it' }).fill('nina')
  await meant.getByRole('radio', { name: /^Nina Voss/u }).check()
  await noFindings(manager)
  await meant.getByRole('button', { name: 'Add to workspace' }).click()
  await expect(notice(manager, 'Nina Voss is in “Research” now')).toBeVisible()
  await expect(own.getByText('Accepted')).toBeVisible()
  await expect(hers.getByRole('table', { name: 'Members' }).getByText('Nina Voss')).toBeVisible()
})
