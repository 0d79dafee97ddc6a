import { expect, type Page } from '@playwright/test'
import { call } from './call.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'
import { addUser, addWorkspace, PASSWORD, setUp, signIn, visitor } from './users.ts'

const LONG = 'W'.repeat(80)

let server: RosterServer
let admin: Page
let ben: string
let research: string
let long: string
test.beforeAll(async ({ browser }) => {
  server = await startRoster()
  admin = await setUp(browser, server)
  ben = await addUser(admin, 'ben', { displayName: 'Ben Ito' })
  const tall = await addUser(admin, 'x'.repeat(64), { displayName: 'Annegret'.repeat(12) })
  research = await addWorkspace(admin, 'Research', [ben, tall])
  long = await addWorkspace(admin, LONG, [ben, tall])
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
})

const toast = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text })
const menu = (page: Page) => page.getByRole('button', { name: /^Account:/u })

test('finds pages, users and workspaces and runs commands in the palette, by keyboard alone', async () => {
  await admin.goto(`${server.address}/workspaces`)
  await admin.getByRole('button', { name: 'New workspace' }).focus()
  await admin.keyboard.press('Control+k')
  const palette = admin.getByRole('dialog', { name: 'Search and commands' })
  const typed = palette.getByPlaceholder('Type a name, a page or a command…')
  await expect(typed).toBeFocused()
  await admin.keyboard.type('research')
  await expect(palette.getByRole('option', { name: 'Research' })).toBeVisible()
  await admin.keyboard.press('Enter')
  await expect(admin.getByRole('heading', { level: 1, name: 'Research' })).toBeVisible()
  await expect(palette).toBeHidden()

  await admin.keyboard.press('Control+k')
  await expect(typed).toBeFocused()
  await admin.keyboard.type('ben it')
  await expect(palette.getByRole('option', { name: /Ben Ito/u })).toBeVisible()
  await admin.keyboard.press('Enter')
  await expect(admin).toHaveURL(new RegExp(`/settings/users/${ben}$`, 'u'))

  await admin.keyboard.press('Control+k')
  await expect(typed).toBeFocused()
  await admin.keyboard.type('new workspace')
  await expect(palette.getByRole('option', { name: 'New workspace' })).toBeVisible()
  await admin.keyboard.press('Enter')
  await expect(admin.getByRole('dialog', { name: 'New workspace' })).toBeVisible()
  await admin.keyboard.press('Escape')
  await expect(admin.getByRole('dialog')).toHaveCount(0)
  await admin.getByRole('button', { name: 'New workspace' }).focus()
  await admin.keyboard.press('Control+k')
  await expect(palette).toBeVisible()
  await admin.keyboard.press('Escape')
  await expect(admin.getByRole('button', { name: 'New workspace' })).toBeFocused()
})

test('keeps the chosen theme on every page, after a reload and in other browsers', async ({ browser }) => {
  const his = await signIn(browser, server, 'ben', { colorScheme: 'light' })
  const dark = his.locator('html.dark')
  await expect(dark).toHaveCount(0)
  await menu(his).focus()
  await his.keyboard.press('Enter')
  await his.getByRole('menuitem', { name: 'Theme' }).press('ArrowRight')
  const kept = his.waitForResponse('**/trpc/profile.update*')
  await his.getByRole('menuitemcheckbox', { name: 'Dark' }).press('Enter')
  await expect(dark).toHaveCount(1)
  // The theme shows before it is saved.
  expect((await kept).status()).toBe(200)
  await his.reload()
  await expect(dark).toHaveCount(1)
  const elsewhere = await signIn(browser, server, 'ben', { colorScheme: 'light' })
  await expect(elsewhere.locator('html.dark')).toHaveCount(1)
  await his.goto(`${server.address}/settings/personal`)
  await his.getByRole('group', { name: 'Theme' }).getByText('System', { exact: true }).click()
  await expect(dark).toHaveCount(0)
  await his.emulateMedia({ colorScheme: 'dark' })
  await expect(dark).toHaveCount(1)
  await his.context().close()
  await elsewhere.context().close()
})

test('shows every page in the chosen language, including the sign-in page', async ({ browser }) => {
  await addUser(admin, 'greta')
  const hers = await signIn(browser, server, 'greta')
  await hers.goto(`${server.address}/settings/personal`)
  await hers.getByRole('group', { name: 'Language' }).getByText('Deutsch').click()
  await expect(hers.getByRole('heading', { level: 1, name: 'Persönliche Einstellungen' })).toBeVisible()
  await expect(hers.locator('html')).toHaveAttribute('lang', 'de')
  await hers.getByLabel('Anzeigename').fill('x'.repeat(101))
  await hers.getByRole('button', { name: 'Änderungen speichern' }).click()
  await expect(hers.getByText('Höchstens 100 Zeichen.')).toBeVisible()
  await hers.reload()
  await expect(hers.getByRole('heading', { level: 1, name: 'Persönliche Einstellungen' })).toBeVisible()
  await hers.getByRole('button', { name: /^Konto:/u }).click()
  await hers.getByRole('menuitem', { name: 'Abmelden' }).click()
  await expect(hers.getByRole('heading', { name: 'Anmelden' })).toBeVisible()
  await hers.getByRole('button', { name: 'English' }).click()
  await expect(hers.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await hers.context().close()
})

test('shows a default user their workspaces, members and profile, and nothing else', async ({ browser }) => {
  const his = await signIn(browser, server, 'ben')
  await expect(his.getByRole('heading', { level: 1, name: 'Hello, Ben Ito' })).toBeVisible()
  const card = his.getByRole('article', { name: 'Research' })
  await expect(card).toContainText('2 members')
  await expect(card).toContainText('Ben Ito')
  await expect(his.getByRole('region', { name: 'Your profile' })).toContainText('Default User')
  const side = his.getByRole('navigation', { name: 'Navigation', exact: true })
  await expect(side.getByRole('link', { name: 'Users' })).toHaveCount(0)
  await side.getByRole('link', { name: 'Research' }).click()
  await expect(his.getByRole('heading', { level: 1, name: 'Research' })).toBeVisible()
  await his.goBack()
  await card.getByRole('link', { name: /See all members/u }).click()
  const members = his.getByRole('table', { name: 'Members' })
  await expect(members.getByRole('row')).toHaveCount(3)
  // Changes of other members appear without a reload.
  const userId = await addUser(admin, 'otto', { displayName: 'Otto Kurz', workspaceIds: [research] })
  await expect(members).toContainText('Otto Kurz')
  expect((await call(admin, 'profile.update', { userId, expectedVersion: 1, displayName: 'Otto Lang' })).status).toBe(
    200,
  )
  await expect(members).toContainText('Otto Lang')
  expect((await call(admin, 'user.delete', { userId, confirmation: 'otto' })).status).toBe(200)
  await expect(members.getByRole('row')).toHaveCount(3)
  for (const path of ['/settings/users', '/getting-started']) {
    await his.goto(server.address + path)
    await expect(his.getByText('You need a different role to do this. You’re signed in as Default User.')).toBeVisible()
  }
  await his.getByRole('link', { name: 'Go to home' }).click()
  await expect(his.getByRole('heading', { level: 1, name: 'Hello, Ben Ito' })).toBeVisible()
  await his.goto(`${server.address}/workspaces/${research}/settings`)
  await expect(his.getByRole('heading', { level: 1, name: 'Research' })).toBeVisible()
  await expect(his.getByRole('heading', { name: 'You don’t have access to this page' })).toBeVisible()
  await expect(his.getByRole('button', { name: 'Delete workspace' })).toHaveCount(0)
  await his.context().close()
})

test('shows the current state in the checklist, and names the instance from it', async () => {
  await admin.goto(`${server.address}/getting-started`)
  await expect(admin.getByRole('main').getByText('4 of 6 done')).toBeVisible()
  await admin.getByLabel('Instance name').fill('Nordwind AI')
  await admin.getByLabel('Support address').fill('help@nordwind.example')
  await admin.getByRole('button', { name: 'Save name' }).click()
  await expect(toast(admin, 'Name saved')).toBeVisible()
  await expect(admin.getByRole('main').getByText('5 of 6 done')).toBeVisible()
  await expect(admin.getByRole('link', { name: /Getting started/u })).toContainText('5 of 6 done')
  await expect(admin.getByRole('link', { name: 'Nordwind AI' })).toBeVisible()
  await expect(admin).toHaveTitle('Getting started · Nordwind AI')
})

test('shows both values when an administrator saved the profile first, and saves the chosen one', async ({
  browser,
}) => {
  const userId = await addUser(admin, 'hana', { displayName: 'Hana' })
  const hers = await signIn(browser, server, 'hana')
  await hers.goto(`${server.address}/settings/personal`)
  await hers.getByLabel('Display name').fill('Hana Park')
  expect((await call(admin, 'user.update', { userId, expectedVersion: 1, displayName: 'Hana P.' })).status).toBe(200)
  await hers.getByRole('button', { name: 'Save Changes' }).click()
  const conflict = hers.getByRole('alert').filter({ hasText: 'admin' })
  await expect(conflict).toContainText('Hana P.')
  await expect(hers.getByLabel('Display name')).toHaveValue('Hana Park')
  await hers.getByRole('button', { name: 'Save Changes' }).click()
  await expect(toast(hers, 'Profile saved')).toBeVisible()
  await expect(menu(hers)).toContainText('Hana Park')
  await hers.context().close()
})

test('changes the password with the current one, rejects a common one beside the field, and signs out other browsers', async ({
  browser,
}) => {
  const userId = await addUser(admin, 'kai')
  const his = await signIn(browser, server, 'kai')
  await his.goto(`${server.address}/settings/personal`)
  const second = await his.context().newPage()
  await second.goto(`${server.address}/settings/personal`)
  await second.getByLabel('About').fill('Half a sentence')
  const elsewhere = await signIn(browser, server, 'kai')
  // The latest sign-in appears without a reload.
  const signInHistory = his.getByRole('region', { name: 'Recent sign-ins' }).getByRole('listitem')
  await expect(signInHistory).toHaveText([/^Chrome on .*127\.0\.0\.1/su, /^Chrome on .*This browser/su])
  const [current, next] = [his.getByLabel('Current password'), his.getByLabel('New password')]
  await current.fill('not this one')
  await next.fill('password')
  await his.getByRole('button', { name: 'Change password' }).click()
  await expect(his.getByText('This password is too common. Choose another.')).toBeVisible()
  await expect(next).toBeFocused()
  await next.fill('quiet afternoon in may')
  await his.getByRole('button', { name: 'Change password' }).click()
  await expect(his.getByText('The current password is wrong.')).toBeVisible()
  await expect(current).toBeFocused()
  // The banner stays in view, and the end of the page can be reached.
  await expect(his.getByRole('region', { name: 'Change password' })).toBeInViewport()
  await current.fill(PASSWORD)
  await next.fill('quiet afternoon in may')
  await his.getByRole('button', { name: 'Change password' }).click()
  await expect(toast(his, 'Password changed')).toBeVisible()
  await expect(current).toHaveValue('')
  // All tabs of this browser get the new session and stay live. Every other browser is signed out.
  await expect(
    elsewhere.getByText('Your password was changed in another session. Sign in with the new one.'),
  ).toBeVisible()
  await second.getByRole('button', { name: 'Save Changes' }).click()
  await expect(toast(second, 'Profile saved')).toBeVisible()
  await his.goto(server.address)
  await expect(his.getByRole('region', { name: 'Your profile' })).toContainText('Half a sentence')
  expect((await call(admin, 'member.update', { workspaceId: research, add: [userId] })).status).toBe(200)
  await expect(his.getByRole('article', { name: 'Research' })).toBeVisible()
  await elsewhere.context().close()
  await his.context().close()
})

test('opens every page of Settings from the navigation, and redirects the old addresses', async ({ browser }) => {
  await admin.goto(`${server.address}/settings`)
  await expect(admin).toHaveURL(/\/settings\/users$/u)
  const side = admin.getByRole('navigation', { name: 'Navigation', exact: true })
  for (const [label, path] of [
    ['Invitations', 'invitations'],
    ['Import', 'import'],
    ['Organizations', 'organizations'],
    ['Security', 'security'],
    ['System', 'system'],
    ['Personal', 'personal'],
    ['Users', 'users'],
  ] as const) {
    await side.getByRole('link', { name: label, exact: true }).click()
    await expect(admin).toHaveURL(`${server.address}/settings/${path}`)
    await expect(side.getByRole('link', { name: label, exact: true })).toHaveAttribute('aria-current', 'page')
    await expect(admin.getByRole('navigation', { name: 'Breadcrumb' })).toContainText('Settings')
  }
  await admin.reload()
  await expect(admin.getByRole('table', { name: 'Users' })).toBeVisible()

  for (const [before, now] of [
    ['/users?q=ben', '/settings/users?q=ben'],
    [`/users/${ben}/sessions`, `/settings/users/${ben}/sessions`],
    ['/users/invitations?state=open', '/settings/invitations?state=open'],
    ['/organizations', '/settings/organizations'],
    ['/security', '/settings/security'],
    ['/settings#password', '/settings/personal#password'],
  ] as const) {
    await admin.goto(server.address + before)
    await expect(admin).toHaveURL(server.address + now)
  }

  await admin.goto(`${server.address}/settings/users/${ben}/nothing`)
  await expect(admin.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible()
  await expect(side.locator('[aria-current]')).toHaveCount(0)

  // A breadcrumb leads back to the list with its search.
  await admin.goto(`${server.address}/settings/users?q=ben`)
  await admin.getByRole('link', { name: 'Ben Ito' }).click()
  await admin.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Users' }).click()
  await expect(admin).toHaveURL(`${server.address}/settings/users?q=ben`)

  const his = await signIn(browser, server, 'ben')
  await his.goto(`${server.address}/settings`)
  await expect(his).toHaveURL(/\/settings\/personal$/u)
  await his.context().close()
})

test('fits the narrowest screen, in the longer language and with the longest names', async ({ browser }) => {
  const narrow = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, locale: 'de-DE' }
  const anonymous = await visitor(browser, server, narrow)
  const sideways = (page: Page) =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  for (const path of ['/sign-in', '/link#nothing']) {
    await anonymous.goto(server.address + path)
    await expect(anonymous.getByRole('heading', { level: 1 })).toBeVisible()
    expect([path, await sideways(anonymous)]).toEqual([path, 0])
  }
  await anonymous.context().close()

  // A scrolling container would hide overflow, so the boxes of the elements count.
  const cut = (page: Page) =>
    page.evaluate(() =>
      [...document.querySelectorAll('main *, [role="dialog"] *')]
        .filter(
          (element) =>
            element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('nav, .truncate, .sr-only'),
        )
        .map((element) => element.outerHTML.slice(0, 120)),
    )
  // The rule that enlarges touch targets must not distort switches and checkboxes.
  const misshapen = (page: Page) =>
    page.evaluate(() =>
      [
        ...document.querySelectorAll<HTMLElement>(
          '[data-slot="base"]:is([role="switch"], [role="checkbox"], [role="radio"])',
        ),
      ]
        .filter(
          ({ role, offsetWidth, offsetHeight }) =>
            offsetHeight > 24 || offsetWidth < offsetHeight || (role !== 'switch' && offsetWidth > offsetHeight),
        )
        .map((element) => element.outerHTML.slice(0, 120)),
    )
  const paths = [
    '/',
    '/workspaces',
    `/workspaces/${long}`,
    `/workspaces/${long}/documents`,
    `/workspaces/${long}/members`,
    `/workspaces/${long}/settings`,
    '/settings/personal',
    '/nowhere',
  ]
  for (const [username, more] of [
    [
      'admin',
      [
        '/getting-started',
        '/settings/security',
        '/settings/users?add=1',
        '/workspaces?new=1',
        `/workspaces/${long}/members?manage=1`,
      ],
    ],
    ['ben', ['/settings/users']],
  ] as const) {
    const page = await signIn(browser, server, username, narrow)
    for (const path of [...paths, ...more]) {
      await page.goto(server.address + path)
      await expect(page.getByRole('heading').first()).toBeVisible()
      await expect(page.locator('main .animate-pulse')).toHaveCount(0)
      expect([username, path, await sideways(page), await cut(page), await misshapen(page)]).toEqual([
        username,
        path,
        0,
        [],
        [],
      ])
    }
    await page.context().close()
  }
})
