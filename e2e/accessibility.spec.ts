import { type Browser, expect, type Page } from '@playwright/test'
import { noFindingsInBothThemes } from './axe.ts'
import { call } from './call.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'
import { addUser, addUsers, addWorkspace, setUp, signIn, visitor } from './users.ts'

/** Runs axe in dark and light on every screen, open dialog and open menu. Other specs test the behavior. */
let server: RosterServer
let admin: Page
let research: string
let archived: string
test.beforeAll(async ({ browser }) => {
  server = await startRoster()
  const early = await visitor(browser, server)
  await noFindingsInBothThemes(early)
  await early.context().close()
  admin = await setUp(browser, server)
  await addUsers(admin, 60)
  const suspended = await addUser(admin, 'cem', { displayName: 'Cem Diaz' })
  await call(admin, 'user.suspend', { userId: suspended })
  research = await addWorkspace(admin, 'Research', [suspended])
  archived = await addWorkspace(admin, 'Old plans')
  await call(admin, 'workspace.archive', { workspaceId: archived })
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
})
// Dozens of axe runs, each a second or two on a busy machine.
test.beforeEach(() => test.setTimeout(240_000))

interface Screen {
  path: () => string
  /** Brings up the state to check. */
  shown: (page: Page) => Promise<unknown>
}
async function sweep(page: Page, screens: Record<string, Screen>): Promise<void> {
  for (const [name, { path, shown }] of Object.entries(screens)) {
    await test.step(name, async () => {
      await page.goto(server.address + path())
      await shown(page)
      await expect(page.locator('main .animate-pulse')).toHaveCount(0)
      await noFindingsInBothThemes(page)
    })
  }
}
const heading = (name: string | RegExp) => (page: Page) =>
  expect(page.getByRole('heading', { name }).first()).toBeVisible()
const table = (name: string) => (page: Page) => expect(page.getByRole('table', { name })).toBeVisible()

test('has no findings on the sign-in pages', async ({ browser }) => {
  const userId = await addUser(admin, 'ben')
  const link = await call(admin, 'user.createLink', { userId })
  const { path } = link.data as { path: string }
  const { path: invitation } = (await call(admin, 'invitation.create', {})).data as { path: string }
  const page = await visitor(browser, server)
  await sweep(page, {
    'sign-in': { path: () => '/sign-in', shown: heading('Sign in') },
    'sign-in, with errors and help': {
      path: () => '/sign-in',
      shown: async () => {
        await page.getByRole('button', { name: 'Sign in' }).click()
        await expect(page.getByText('Enter your username.')).toBeVisible()
        await page.getByText('Forgot your password?').click()
      },
    },
    'an invalid link': {
      path: () => '/link#nothing',
      shown: () => expect(page.getByText('This link no longer works', { exact: false })).toBeVisible(),
    },
    'an inactive invitation': { path: () => '/invitation#nothing', shown: heading('This invitation no longer works') },
    'an invitation': { path: () => invitation, shown: () => expect(page.getByLabel('Username')).toBeVisible() },
    'a link': { path: () => path, shown: () => expect(page.getByLabel('New password')).toBeVisible() },
  })
  await call(admin, 'user.setPassword', { userId, password: 'handed over on paper' })
  await page.goto(`${server.address}/sign-in`)
  await page.getByLabel('Username').fill('ben')
  await page.getByLabel('Password', { exact: true }).fill('handed over on paper')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible()
  await noFindingsInBothThemes(page)
  await page.context().close()
})

test('has no findings on the console’s pages', async () => {
  await sweep(admin, {
    'getting started': { path: () => '/getting-started', shown: heading('Add users') },
    workspaces: { path: () => '/workspaces', shown: table('Workspaces') },
    'workspaces, archived': { path: () => '/workspaces?show=archived', shown: table('Workspaces') },
    'workspaces, none found': { path: () => '/workspaces?q=nothing', shown: heading('No results') },
    chat: { path: () => `/workspaces/${research}`, shown: heading('Chat is coming soon') },
    documents: { path: () => `/workspaces/${research}/documents`, shown: heading('Documents are coming soon') },
    members: { path: () => `/workspaces/${research}/members`, shown: table('Members') },
    'workspace settings': { path: () => `/workspaces/${research}/settings`, shown: heading('Archive') },
    'an archived workspace': { path: () => `/workspaces/${archived}/members`, shown: heading('No members yet') },
    'no such workspace': { path: () => '/workspaces/nothing', shown: heading('Workspace not found') },
    'personal settings': { path: () => '/settings/personal', shown: heading('Sessions') },
    system: { path: () => '/settings/system', shown: heading('Time zone') },
    security: { path: () => '/settings/security', shown: heading('Networks') },
    invitations: { path: () => '/settings/invitations', shown: table('Invitations') },
    'no invitation in this state': { path: () => '/settings/invitations?state=dead', shown: heading('No results') },
    'no requests': { path: () => '/requests', shown: heading('No open requests') },
    'no such page': { path: () => '/nowhere', shown: heading('Page not found') },
  })
})

test('has no findings in the console’s dialogs and menus', async () => {
  const button = (name: string | RegExp) => admin.getByRole('button', { name }).last()
  await sweep(admin, {
    'new workspace, refused': {
      path: () => '/workspaces?new=1',
      shown: async () => {
        await button('Create workspace').click()
        await expect(admin.getByText('Enter a name.')).toBeVisible()
      },
    },
    'manage users, with changes and a confirmation': {
      path: () => `/workspaces/${research}/members?manage=1`,
      shown: async () => {
        await admin.getByRole('option', { name: /^user.0000/u }).click()
        await admin.getByRole('option', { name: /^Cem Diaz/u }).click()
        await noFindingsInBothThemes(admin)
        await admin.getByRole('button', { name: 'Cancel' }).click()
        await expect(button('Keep editing')).toBeFocused()
      },
    },
    'manage users, no results': {
      path: () => `/workspaces/${research}/members?manage=1`,
      shown: async () => {
        await admin.getByRole('searchbox', { name: 'Search users' }).fill('no such name')
        await expect(admin.getByText('No results')).toBeVisible()
      },
    },
    'delete a workspace': {
      path: () => `/workspaces/${research}/settings`,
      shown: async () => {
        await button('Delete workspace').click()
        await expect(admin.getByRole('dialog')).toBeVisible()
      },
    },
    'a notice with Undo, and a menu': {
      path: () => `/workspaces/${research}/settings`,
      shown: async () => {
        await button('Archive workspace').click()
        await admin.getByRole('listitem').getByRole('button', { name: 'Undo' }).click()
        await expect(admin.getByRole('listitem').filter({ hasText: 'Change undone' })).toBeVisible()
        await button(/^Account:/u).click()
        await admin.getByRole('menuitem', { name: 'Language' }).press('ArrowRight')
        await expect(admin.getByRole('menuitemcheckbox', { name: 'Deutsch' })).toBeVisible()
      },
    },
    'a choice': {
      path: () => `/workspaces/${research}/members?manage=1`,
      shown: async () => {
        await admin.getByRole('dialog').getByRole('button', { name: 'Role' }).click()
        await expect(admin.getByRole('menuitemcheckbox', { name: 'Manager' })).toBeVisible()
      },
    },
    'an invitation, refused': {
      path: () => '/settings/invitations?invite=1',
      shown: async () => {
        await admin.getByLabel('Expires in (days)').fill('0')
        await button('Create invitation').click()
        await expect(admin.getByText('From 1 to 30.')).toBeVisible()
      },
    },
    'the palette': {
      path: () => '/workspaces',
      shown: async () => {
        await table('Workspaces')(admin)
        await admin.keyboard.press('Control+k')
        await admin
          .getByRole('dialog')
          .getByRole('combobox')
          .or(admin.getByRole('dialog').getByRole('textbox'))
          .first()
          .fill('res')
        await expect(admin.getByRole('option', { name: 'Research' })).toBeVisible()
      },
    },
  })
})

test('has no findings for a default user on a phone, with the menu open', async ({ browser }: { browser: Browser }) => {
  const dora = await addUser(admin, 'dora', { displayName: 'Dora Holm' })
  await call(admin, 'member.update', { workspaceId: research, add: [dora] })
  const hers = await signIn(browser, server, 'dora', { viewport: { width: 390, height: 844 } })
  await sweep(hers, {
    home: {
      path: () => '/',
      shown: () => expect(hers.getByRole('article', { name: 'Research' })).toContainText('Dora Holm'),
    },
    'the menu': {
      path: () => '/',
      shown: async () => {
        await hers.getByRole('button', { name: 'Open sidebar' }).click()
        await expect(hers.getByRole('dialog').getByRole('link', { name: 'Personal' })).toBeVisible()
      },
    },
    'a page without access': { path: () => '/settings/users', shown: heading('You don’t have access to this page') },
  })
  await hers.goto(server.address)
  await heading('Hello, Dora Holm')(hers)
  await hers.context().close()
})
