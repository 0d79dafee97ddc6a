import { randomBytes } from 'node:crypto'
import { expect, type Page } from '@playwright/test'
import { connect } from '@roster/db'
import { generateSync } from 'otplib'
import { noFindings } from './axe.ts'
import { call } from './call.ts'
import { type Database, startDatabase } from './database.ts'
import { watchForeignRequests } from './foreignRequests.ts'
import { type RosterServer, startRoster } from './rosterServer.ts'
import { closeAll, test } from './test.ts'
import { addUser, PASSWORD, setUp, signIn } from './users.ts'

let database: Database
let server: RosterServer
let at: string
let admin: Page
let his: Page
test.beforeAll(async ({ browser }) => {
  database = await startDatabase()
  server = await startRoster({ databaseUrl: database.url, env: { SECRET_KEY: randomBytes(32).toString('base64') } })
  // Passkeys know hosts by their name.
  at = server.address.replace('127.0.0.1', 'localhost')
  admin = await setUp(browser, { ...server, address: at })
  await addUser(admin, 'joe')
  his = await signIn(browser, here(), 'joe')
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
  await database.stop()
})

const here = (): Pick<RosterServer, 'address'> => ({ address: at })
/** The code of a secret at a moment so many steps from now. */
const codeOf = (secret: string, steps = 0): string => generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + 30 * steps })

async function typeIn(page: Page, username: string): Promise<void> {
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** An authenticator in software, over the DevTools protocol: it answers by itself, and proves its owner. */
async function authenticator(page: Page): Promise<void> {
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

/** A browser whose session is gone. The page is left before, since an open one would notice, and go to the sign-in page by itself, at any moment. */
async function signedOutElsewhere(page: Page): Promise<void> {
  await page.goto('about:blank')
  await page.context().clearCookies()
}

const nav = (page: Page) => page.getByRole('navigation', { name: /Navigation/u }).first()

/** Set up an authenticator app in Personal settings; gives its secret and the recovery codes. */
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

// Each goes on from where the one before left people.
test.describe.configure({ mode: 'serial', timeout: 120_000 })
test('somebody sets up an authenticator app, and signs in with its codes, or once with each recovery code', async ({ browser }) => {
  const strangers = watchForeignRequests(his, at)
  const { secret, codes } = await setUpApp(his)

  const elsewhere = await (await browser.newContext()).newPage()
  await elsewhere.goto(`${at}/sign-in`)
  await typeIn(elsewhere, 'joe')
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
    await typeIn(other, 'joe')
    await other.getByRole('button', { name: 'Use a recovery code' }).click()
    await other.getByLabel('Recovery code').fill(codes[0] ?? '')
    await other.getByRole('button', { name: 'Continue' }).click()
    if (accepted) await expect(nav(other)).toBeVisible()
    else await expect(other.getByText('has already been used', { exact: false })).toBeVisible()
    await other.context().close()
  }
  expect(strangers).toEqual([])
})

test('a passkey is added, finishes a sign-in, and signs in alone', async () => {
  const page = his
  await authenticator(page)
  await page.goto(`${at}/settings/personal`)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.getByText('Not used yet')).toBeVisible()
  await noFindings(page)
  await signedOutElsewhere(page)

  await page.goto(`${at}/sign-in`)
  await typeIn(page, 'joe')
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await expect(nav(page)).toBeVisible()
  await signedOutElsewhere(page)

  await page.goto(`${at}/sign-in`)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(nav(page)).toBeVisible()
  expect((await call(page, 'session.me', {})).data).toMatchObject({ user: { username: 'joe' } })
})

test('a role that has to have a second factor sets one up before anything else answers', async ({ browser }) => {
  await addUser(admin, 'eve', { role: 'manager' })
  const { data } = await call(admin, 'security.get', {})
  const { address: _, commonPasswords: __, ...policies } = data as Record<string, unknown>
  expect((await call(admin, 'security.update', { ...policies, secondFactorRoles: ['manager'] })).status).toBe(200)

  const page = await (await browser.newContext()).newPage()
  await page.goto(`${at}/settings/users`)
  await typeIn(page, 'eve')
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

  // What the policy wants can't be taken away.
  await page.goto(`${at}/settings/personal`)
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByText('Add another method before you remove this one', { exact: false })).toBeVisible()
})

test('deleting somebody asks for a fresh proof, and goes on with what was typed', async () => {
  const id = await addUser(admin, 'short.lived')
  await admin.goto(`${at}/settings/users/${id}`)
  const { pool, close } = connect({ url: database.url, max: 1 })
  // As if the sign-in had been an hour ago.
  await pool.query(`UPDATE "session" SET "reauthenticatedAt" = "reauthenticatedAt" - interval '1 hour'`)
  await close()
  await admin.getByRole('button', { name: 'Delete' }).click()
  const dialog = admin.getByRole('dialog')
  await dialog.getByRole('textbox').fill('short.lived')
  await dialog.getByRole('button', { name: /Delete/u }).click()
  const proof = admin.getByRole('dialog', { name: 'Confirm your identity' })
  await expect(proof).toBeVisible()
  await noFindings(admin)
  await proof.getByLabel('Your password').fill('not my password')
  await proof.getByRole('button', { name: 'Confirm' }).click()
  await expect(proof.getByText('The current password is wrong.')).toBeVisible()
  await proof.getByLabel('Your password').fill(PASSWORD)
  await proof.getByRole('button', { name: 'Confirm' }).click()
  await expect(admin.getByRole('dialog')).toHaveCount(0)
  expect((await call(admin, 'user.get', { userId: id })).refusal?.code).toBe('NOT_FOUND')
})

test('whoever lost their second factor has it reset by an administrator, and is told', async ({ browser }) => {
  const list = (await call(admin, 'user.list', { filter: { search: 'joe' } })).data as { rows: { id: string }[] }
  await admin.goto(`${at}/settings/users/${list.rows[0]?.id}`)
  await admin.getByRole('button', { name: 'Reset 2FA' }).click()
  await admin.getByRole('dialog').getByRole('button', { name: 'Reset 2FA' }).click()
  await expect(admin.getByText('2FA reset for joe').first()).toBeVisible()
  await expect(his.getByText('reset your 2FA', { exact: false })).toBeVisible()

  const page = await signIn(browser, here(), 'joe')
  await expect(page.getByText('admin reset your 2FA', { exact: false })).toBeVisible()
  await noFindings(page)
  await page.getByRole('button', { name: 'Dismiss' }).first().click()
  await expect(page.getByText('admin reset your 2FA', { exact: false })).toBeHidden()
})
