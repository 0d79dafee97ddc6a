import { chromium, expect, type Page } from '@playwright/test'
import { BROWSER_ARGS, findBrowser } from './browser.ts'
import { call } from './call.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'
import { addUser, addWorkspace, PASSWORD, setUp, signIn } from './users.ts'

/** Two nodes on one database. A change on one shows on the other just as soon. */
let here: RosterServer
let there: RosterServer
let admin: Page
test.beforeAll(async ({ browser }) => {
  here = await startRoster()
  admin = await setUp(browser, here)
  there = await startRoster({ databaseUrl: here.databaseUrl })
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await there.stop()
  await here.stop()
})

/** The limit for a change to show without a reload. It allows for busy machines. */
const SOON = { timeout: 5000 }
async function expectSignedOut(page: Page, sentence: string): Promise<void> {
  await expect(page.getByText(sentence, { exact: false })).toBeVisible(SOON)
  await expect(page).toHaveURL(/\/sign-in/u)
}
async function bothConsoles(browser: Parameters<typeof signIn>[0], username: string): Promise<[Page, Page]> {
  return Promise.all([signIn(browser, here, username), signIn(browser, there, username)])
}
async function close(...pages: Page[]): Promise<void> {
  for (const page of pages) await page.context().close()
}

test('signs a suspended user out on every open page of both nodes, says why, and refuses every call', async ({
  browser,
}) => {
  const userId = await addUser(admin, 'ben')
  const [near, far] = await bothConsoles(browser, 'ben')
  const second = await far.context().newPage()
  await second.goto(`${there.address}/settings/personal`)
  await expect(second.getByRole('heading', { name: 'Profile' })).toBeVisible()

  expect((await call(admin, 'user.suspend', { userId })).data).toMatchObject({ changed: true })
  for (const page of [near, far, second])
    await expectSignedOut(page, 'Your account was suspended. Ask a manager of your organization.')
  expect((await call(far, 'session.signOut', {})).refusal).toMatchObject({
    code: 'SESSION_ENDED',
    details: { reason: 'suspended' },
  })
  // After reactivation, signing in returns to the same page.
  expect((await call(admin, 'user.reactivate', { userId })).status).toBe(200)
  await second.getByLabel('Username').fill('ben')
  await second.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await second.getByRole('button', { name: 'Sign in' }).click()
  await expect(second).toHaveURL(/\/settings\/personal$/u)
  await close(near, far)
})

test('shows a suspended user nothing of the console from the back/forward cache', async () => {
  const userId = await addUser(admin, 'ines', { role: 'manager' })
  const executablePath = findBrowser()
  // Playwright disables the back/forward cache by default.
  const ignoreDefaultArgs = ['--disable-back-forward-cache']
  const browser = await chromium.launch({
    args: BROWSER_ARGS,
    ignoreDefaultArgs,
    ...(executablePath ? { executablePath } : {}),
  })
  try {
    const page = await signIn(browser, here, 'ines')
    await page.goto(`${here.address}/settings/users`)
    await expect(page.getByText('Ada Berg').first()).toBeVisible()
    expect((await call(admin, 'user.suspend', { userId })).data).toMatchObject({ changed: true })
    await expectSignedOut(page, 'Your account was suspended.')
    await page.evaluate(() => {
      document.body.dataset['left'] = 'yes'
      history.back()
    })
    await page.waitForFunction(() => document.readyState === 'complete' && document.body.dataset['left'] === undefined)
    await expectSignedOut(page, 'Your account was suspended.')
    await expect(page.getByText('Ada Berg')).toHaveCount(0)
  } finally {
    await browser.close()
  }
})

test('signs a suspended manager out without asking about unsaved changes', async ({ browser }) => {
  const userId = await addUser(admin, 'mara', { role: 'manager' })
  const workspaceId = await addWorkspace(admin, 'Unsaved')
  const hers = await signIn(browser, there, 'mara')
  await hers.goto(`${there.address}/workspaces/${workspaceId}/members?manage=1`)
  await hers.getByRole('option', { name: /Ada Berg/u }).click()
  expect((await call(admin, 'user.suspend', { userId })).status).toBe(200)
  await expectSignedOut(hers, 'Your account was suspended.')
  await close(hers)
})

test('replaces the open page of a manager who became a default user with the policy’s reason', async ({ browser }) => {
  const userId = await addUser(admin, 'nora', { role: 'manager' })
  const workspaceId = await addWorkspace(admin, 'Demotion', [userId])
  const [near, far] = await bothConsoles(browser, 'nora')
  await near.goto(`${here.address}/settings/users`)
  await expect(near.getByRole('button', { name: 'Add User' }).first()).toBeVisible()
  await far.goto(`${there.address}/workspaces/${workspaceId}/members?manage=1`)
  await expect(far.getByRole('dialog', { name: 'Manage Users' })).toBeVisible()

  expect((await call(admin, 'user.setRole', { userId, role: 'default', expected: 'manager' })).status).toBe(200)
  await expect(near.getByText('You need a different role to do this. You’re signed in as Default User.')).toBeVisible(
    SOON,
  )
  await expect(near.getByRole('link', { name: 'Users', exact: true })).toHaveCount(0)
  await expect(far.getByRole('dialog', { name: 'Manage Users' })).toHaveCount(0, SOON)
  await expect(far.getByRole('button', { name: 'Manage Users' })).toHaveCount(0)
  await expect(far.getByRole('table', { name: 'Members' })).toBeVisible()
  expect((await call(far, 'member.update', { workspaceId, add: [] })).refusal?.code).toBe('ROLE_LACKS_ACTION')
  await close(near, far)
})

test('removes a workspace from the home and the open page of a removed member', async ({ browser }) => {
  const userId = await addUser(admin, 'otto')
  const workspaceId = await addWorkspace(admin, 'Closed circle', [userId])
  const [near, far] = await bothConsoles(browser, 'otto')
  await expect(near.getByRole('article', { name: 'Closed circle' })).toBeVisible()
  await far.goto(`${there.address}/workspaces/${workspaceId}/members`)
  await expect(far.getByRole('table', { name: 'Members' })).toBeVisible()

  expect((await call(admin, 'member.update', { workspaceId, remove: [userId] })).status).toBe(200)
  await expect(near.getByText('No workspaces yet')).toBeVisible(SOON)
  await expect(far.getByText('This workspace doesn’t exist, or you don’t have access.', { exact: false })).toBeVisible(
    SOON,
  )
  await expect(far.getByRole('table', { name: 'Members' })).toHaveCount(0)

  expect((await call(admin, 'member.update', { workspaceId, add: [userId] })).status).toBe(200)
  await expect(near.getByRole('article', { name: 'Closed circle' })).toBeVisible(SOON)
  await expect(far.getByRole('table', { name: 'Members' })).toBeVisible(SOON)
  await close(near, far)
})

test('signs a deleted user out on both nodes and says why', async ({ browser }) => {
  const userId = await addUser(admin, 'pia')
  const [near, far] = await bothConsoles(browser, 'pia')
  expect((await call(admin, 'user.delete', { userId, confirmation: 'pia' })).status).toBe(200)
  for (const page of [near, far]) await expectSignedOut(page, 'Your account was deleted.')
  await close(near, far)
})

test('signs a user out when an administrator sets their password, requires a new one, and says who set it until dismissed', async ({
  browser,
}) => {
  const userId = await addUser(admin, 'quinn')
  const [near, far] = await bothConsoles(browser, 'quinn')
  expect((await call(admin, 'user.setPassword', { userId, password: 'handed over on paper' })).status).toBe(200)
  for (const page of [near, far])
    await expectSignedOut(page, 'Someone who manages your account set a new password for you.')

  await far.getByLabel('Username').fill('quinn')
  await far.getByLabel('Password', { exact: true }).fill('handed over on paper')
  await far.getByRole('button', { name: 'Sign in' }).click()
  await far.getByLabel('New password').fill('handed over on paper')
  await far.getByRole('button', { name: 'Save and continue' }).click()
  await expect(far.getByText('The new password must differ from the old one.')).toBeVisible()
  await far.getByLabel('New password').fill('kept to myself this time')
  await far.getByRole('button', { name: 'Save and continue' }).click()
  const banner = far.getByRole('region', { name: 'Change password' })
  await expect(banner.getByText('admin reset your password on', { exact: false })).toBeVisible()
  await far.reload()
  await banner.getByRole('button', { name: 'Dismiss' }).click()
  await expect(banner).toHaveCount(0)
  await far.reload()
  await expect(far.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(banner).toHaveCount(0)
  await close(near, far)
})

test('signs out all other devices and keeps this one', async ({ browser }) => {
  await addUser(admin, 'rosa')
  const [near, far] = await bothConsoles(browser, 'rosa')
  await near.goto(`${here.address}/settings/personal`)
  await near.getByRole('button', { name: 'Sign out all other devices' }).click()
  await near.getByRole('dialog').getByRole('button', { name: 'Sign out all other devices' }).click()
  await expectSignedOut(far, 'You ended this session from another one.')
  await expect(near.getByRole('listitem').filter({ hasText: '1 session ended' })).toBeVisible()
  await expect(near.getByText('This browser').first()).toBeVisible()
  await close(near, far)
})

test('shows a workspace created on one node in an open list of the other', async ({ browser }) => {
  await addUser(admin, 'sami', { role: 'manager' })
  const far = await signIn(browser, there, 'sami')
  await far.goto(`${there.address}/workspaces`)
  await expect(far.getByRole('table', { name: 'Workspaces' })).toBeVisible()
  await addWorkspace(admin, 'Just made')
  await expect(far.getByRole('link', { name: 'Just made' })).toBeVisible(SOON)
  await close(far)
})
