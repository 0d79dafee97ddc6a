import { expect, type Page } from '@playwright/test'
import { connect } from '@roster/db'
import { generateSync } from 'otplib'
import { noFindings } from './axe.ts'
import { call } from './call.ts'
import { watchForeignRequests } from './foreignRequests.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'
import { addUser, PASSWORD, setUp, signIn } from './users.ts'

let server: RosterServer
let at: string
let admin: Page
let his: Page
test.beforeAll(async ({ browser }) => {
  server = await startRoster()
  // Passkeys need a host name.
  at = server.address.replace('127.0.0.1', 'localhost')
  admin = await setUp(browser, { ...server, address: at })
  await addUser(admin, 'joe')
  his = await signIn(browser, here(), 'joe')
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
})

const here = (): Pick<RosterServer, 'address'> => ({ address: at })
/** The code of a secret, `steps` steps from now. */
const codeOf = (secret: string, steps = 0): string =>
  generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + 30 * steps })

async function submitPassword(page: Page, username: string): Promise<void> {
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Adds a virtual authenticator, which confirms every request with user verification. */
async function addAuthenticator(page: Page): Promise<void> {
  const client = await page.context().newCDPSession(page)
  await client.send('WebAuthn.enable')
  await client.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

/** Drops the browser's session. It leaves the page first, since an open one would go to sign-in at any moment. */
async function dropSession(page: Page): Promise<void> {
  await page.goto('about:blank')
  await page.context().clearCookies()
}

const nav = (page: Page) => page.getByRole('navigation', { name: /Navigation/u }).first()

/** Sets up an authenticator app in the personal settings. Returns its secret and the recovery codes. */
async function setUpApp(page: Page): Promise<{ secret: string; codes: string[] }> {
  await page.goto(`${at}/settings/personal`)
  await page.getByRole('button', { name: 'Authenticator app: Set up' }).click()
  const dialog = page.getByRole('dialog', { name: 'Authenticator app' })
  await expect(dialog.getByRole('img', { name: 'QR code with the key' })).toBeVisible()
  await noFindings(page)
  const secret = (await dialog.locator('code').textContent()) ?? ''
  await dialog.getByLabel('Code', { exact: true }).fill('000000')
  await dialog.getByRole('button', { name: 'Turn on' }).click()
  await expect(dialog.getByText('That code is wrong', { exact: false })).toBeVisible()
  await dialog.getByLabel('Code', { exact: true }).fill(codeOf(secret, -1))
  await dialog.getByRole('button', { name: 'Turn on' }).click()
  const shown = page.getByRole('dialog', { name: 'Recovery codes' })
  await expect(shown.getByRole('listitem')).toHaveCount(10)
  const codes = await shown.getByRole('listitem').allTextContents()
  await noFindings(page)
  await shown.getByRole('button', { name: 'I’ve saved them' }).click()
  await expect(page.getByText('10 left.')).toBeVisible()
  return { secret, codes }
}

// Each test continues with the users of the one before.
test.describe.configure({ mode: 'serial', timeout: 120_000 })
test('sets up an authenticator app, and signs in with its codes and once with each recovery code', async ({
  browser,
}) => {
  const foreign = watchForeignRequests(his, at)
  const { secret, codes } = await setUpApp(his)

  const elsewhere = await (await browser.newContext()).newPage()
  await elsewhere.goto(`${at}/sign-in`)
  await submitPassword(elsewhere, 'joe')
  await expect(elsewhere.getByRole('heading', { name: 'One more step' })).toBeVisible()
  expect((await call(elsewhere, 'user.list', {})).refusal?.code).toBe('NOT_SIGNED_IN')
  await noFindings(elsewhere)
  await elsewhere.getByLabel('Code from your authenticator app').fill('000000')
  await elsewhere.getByRole('button', { name: 'Continue' }).click()
  await expect(elsewhere.getByText('That code is wrong', { exact: false })).toBeVisible()
  await elsewhere.getByLabel('Code from your authenticator app').fill(codeOf(secret))
  await elsewhere.getByRole('button', { name: 'Continue' }).click()
  await expect(nav(elsewhere)).toBeVisible()

  for (const accepted of [true, false]) {
    const other = await (await browser.newContext()).newPage()
    await other.goto(`${at}/sign-in`)
    await submitPassword(other, 'joe')
    await other.getByRole('button', { name: 'Use a recovery code' }).click()
    await other.getByLabel('Recovery code').fill(codes[0] ?? '')
    await other.getByRole('button', { name: 'Continue' }).click()
    if (accepted) await expect(nav(other)).toBeVisible()
    else await expect(other.getByText('has already been used', { exact: false })).toBeVisible()
    await other.context().close()
  }
  expect(foreign).toEqual([])
})

test('adds a passkey, and signs in with it after the password or alone', async () => {
  const page = his
  await addAuthenticator(page)
  await page.goto(`${at}/settings/personal`)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.getByText('Not used yet')).toBeVisible()
  await noFindings(page)
  await dropSession(page)

  await page.goto(`${at}/sign-in`)
  await submitPassword(page, 'joe')
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await expect(nav(page)).toBeVisible()
  await dropSession(page)

  await page.goto(`${at}/sign-in`)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(nav(page)).toBeVisible()
  expect((await call(page, 'session.me', {})).data).toMatchObject({ user: { username: 'joe' } })
})

test('requires a role to set up a second factor before anything else', async ({ browser }) => {
  await addUser(admin, 'eve', { role: 'manager' })
  const { data } = await call(admin, 'security.get', {})
  const { address: _, commonPasswords: __, version: expectedVersion, ...policies } = data as Record<string, unknown>
  expect(
    (await call(admin, 'security.update', { ...policies, expectedVersion, secondFactorRoles: ['manager'] })).status,
  ).toBe(200)

  const page = await (await browser.newContext()).newPage()
  await page.goto(`${at}/settings/users`)
  await submitPassword(page, 'eve')
  await expect(page.getByRole('heading', { name: 'Set up two-factor authentication' })).toBeVisible()
  expect((await call(page, 'user.list', {})).refusal?.code).toBe('SECOND_FACTOR_REQUIRED')
  await noFindings(page)
  await page.getByRole('button', { name: 'Authenticator app' }).click()
  await expect(page.getByRole('img', { name: 'QR code with the key' })).toBeVisible()
  const secret = (await page.getByLabel('Key', { exact: true }).textContent()) ?? ''
  await page.getByLabel('Code', { exact: true }).fill(codeOf(secret, -1))
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.getByRole('heading', { name: 'Two-factor authentication is set up' })).toBeVisible()
  await noFindings(page)
  await page.getByRole('button', { name: 'I’ve saved them, continue' }).click()
  await expect(page).toHaveURL(/\/settings\/users/u)
  await expect(page.getByRole('link', { name: 'joe' })).toBeVisible()

  // A required second factor can't be removed.
  await page.goto(`${at}/settings/personal`)
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByText('Add another method before you remove this one', { exact: false })).toBeVisible()
})

test('asks to reauthenticate before deleting a user, and keeps the input', async () => {
  const id = await addUser(admin, 'short.lived')
  await admin.goto(`${at}/settings/users/${id}`)
  const { pool, close } = connect({ url: server.databaseUrl, max: 1 })
  // As after an hour without reauthentication.
  await pool.query(`UPDATE "session" SET "reauthenticatedAt" = "reauthenticatedAt" - interval '1 hour'`)
  await close()
  await admin.getByRole('button', { name: 'Delete' }).click()
  const dialog = admin.getByRole('dialog')
  await dialog.getByRole('textbox').fill('short.lived')
  await dialog.getByRole('button', { name: /Delete/u }).click()
  const prompt = admin.getByRole('dialog', { name: 'Confirm your identity' })
  await expect(prompt).toBeVisible()
  await noFindings(admin)
  await prompt.getByLabel('Your password').fill('not my password')
  await prompt.getByRole('button', { name: 'Confirm' }).click()
  await expect(prompt.getByText('The current password is wrong.')).toBeVisible()
  await prompt.getByLabel('Your password').fill(PASSWORD)
  await prompt.getByRole('button', { name: 'Confirm' }).click()
  await expect(admin.getByRole('dialog')).toHaveCount(0)
  expect((await call(admin, 'user.get', { userId: id })).refusal?.code).toBe('NOT_FOUND')
})

test('tells a user that an administrator reset their second factor', async ({ browser }) => {
  const list = (await call(admin, 'user.list', { filter: { search: 'joe' } })).data as { rows: { id: string }[] }
  await admin.goto(`${at}/settings/users/${list.rows[0]?.id}`)
  await admin.getByRole('button', { name: 'Reset 2FA' }).click()
  await admin.getByRole('dialog').getByRole('button', { name: 'Reset 2FA' }).click()
  await expect(admin.getByText('2FA reset for joe').first()).toBeVisible()
  await expect(his.getByText('reset your two-factor authentication', { exact: false })).toBeVisible()

  const page = await signIn(browser, here(), 'joe')
  await expect(page.getByText('admin reset your 2FA', { exact: false })).toBeVisible()
  await noFindings(page)
  await page.getByRole('button', { name: 'Dismiss' }).first().click()
  await expect(page.getByText('admin reset your 2FA', { exact: false })).toBeHidden()
})
