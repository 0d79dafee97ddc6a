import { type Browser, type BrowserContext, type BrowserContextOptions, expect, type Page } from '@playwright/test'
import type { Role } from '@roster/domain'
import { call } from './call.ts'
import type { RosterServer } from './rosterServer.ts'

/** The password of every user in these tests. */
export const PASSWORD = 'a long walk to the sea'

/** Open a browser without a session, on the sign-in page, or on the setup page of an empty instance. */
export async function visitor(
  browser: Browser,
  { address }: Pick<RosterServer, 'address'>,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage()
  await page.goto(`${address}/sign-in`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  return page
}

/** A browser with the session of a call, without loading a page. */
async function openSession(
  browser: Browser,
  address: string,
  procedure: string,
  input: object,
  options: BrowserContextOptions,
): Promise<BrowserContext> {
  const context = await browser.newContext(options)
  const response = await context.request.post(`${address}/trpc/${procedure}`, {
    data: input,
    headers: { origin: address },
  })
  expect([input, response.status()]).toEqual([input, 200])
  return context
}

async function openConsole(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(address)
  await expect(page.getByRole('main')).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  return page
}

/** Set up the instance and open the administrator's console: user `admin` in the organization Nordwind. */
export async function setUp(
  browser: Browser,
  { address, code }: Pick<RosterServer, 'address' | 'code'>,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const input = { code, organizationName: 'Nordwind', username: 'admin', displayName: 'Ada Berg', password: PASSWORD }
  return openConsole(await openSession(browser, address, 'setup.run', input, options), address)
}

/** Open a console with a session, in a new browser. */
export async function signIn(
  browser: Browser,
  { address }: Pick<RosterServer, 'address'>,
  username: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  return openConsole(
    await openSession(browser, address, 'session.signIn', { username, password: PASSWORD }, options),
    address,
  )
}

/** Create a user with PASSWORD. Returns the id. */
export async function addUser(
  admin: Page,
  username: string,
  more: { displayName?: string; role?: Role; organizationId?: string; workspaceIds?: string[] } = {},
): Promise<string> {
  const credential = { kind: 'password', password: PASSWORD, changeRequired: false }
  const { status, data } = await call(admin, 'user.create', { username, credential, ...more })
  expect([username, status]).toEqual([username, 200])
  return (data as { user: { id: string } }).user.id
}

/** Create `count` users in parallel for lists: `user.0000`, `user.0001` and so on. Returns their ids. */
export async function addUsers(admin: Page, count: number, more: { role?: Role } = {}): Promise<string[]> {
  return admin.evaluate(
    async ([count, shared]) => {
      const ids: string[] = []
      let next = 0
      const worker = async () => {
        for (let index = next++; index < count; index = next++) {
          const body = JSON.stringify({
            username: `user.${String(index).padStart(4, '0')}`,
            credential: { kind: 'link' },
            ...shared,
          })
          const response = await fetch('/trpc/user.create', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body,
          })
          const answer = (await response.json()) as { result: { data: { user: { id: string } } } }
          ids[index] = answer.result.data.user.id
        }
      }
      await Promise.all([worker(), worker(), worker(), worker()])
      return ids
    },
    [count, more] as const,
  )
}

/** Create a workspace with these members. Returns its id. */
export async function addWorkspace(admin: Page, name: string, members: string[] = []): Promise<string> {
  const { status, data } = await call(admin, 'workspace.create', { name })
  expect([name, status]).toEqual([name, 200])
  const { id } = data as { id: string }
  if (members.length > 0)
    expect((await call(admin, 'member.update', { workspaceId: id, add: members })).status).toBe(200)
  return id
}
