import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, type Page } from '@playwright/test'
import { BROWSER_ARGS, findBrowser } from './browser.ts'
import { call } from './call.ts'
import { type RosterProgram, startProgram } from './rosterProgram.ts'
import { closeAll, test } from './test.ts'
import { addUser, addWorkspace, PASSWORD, visitor } from './users.ts'

/** A name as on an intranet. Plain http there is no secure context, unlike on localhost. */
const HOST = 'roster.intranet'
const executablePath = findBrowser()
test.use({
  launchOptions: {
    args: [...BROWSER_ARGS, `--host-resolver-rules=MAP ${HOST} 127.0.0.1`],
    ...(executablePath ? { executablePath } : {}),
  },
})

/** A page may wait this long for the stream of another tab, on a busy machine. */
const SOON = { timeout: 60_000 }
const TABS = 8

let server: RosterProgram
let port: number
let first: Page
let workspaceId: string
test.beforeAll(async ({ browser }) => {
  port = await freePort()
  server = await startProgram({ env: { PORT: String(port), PUBLIC_URL: `http://${HOST}:${port}` } })
  first = await visitor(browser, server)
  const input = { code: server.code, organizationName: 'Nordwind', username: 'admin', password: PASSWORD }
  expect((await call(first, 'setup.run', input)).status).toBe(200)
  workspaceId = await addWorkspace(first, 'Zero')
  await addUser(first, 'ben', { displayName: 'Ben Ito' })
})
test.afterAll(async ({ browser }) => {
  await closeAll(browser)
  await server.stop()
})

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port: free } = listener.address() as AddressInfo
  listener.close()
  await once(listener, 'close')
  return free
}

/** The change streams that the server serves. */
async function openStreams(): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return Number(/^roster_open_streams (\d+)$/mu.exec(text)?.[1])
}

/** Watches which of the tabs hold a stream. */
function watchLeader(tabs: readonly Page[]): () => Page[] {
  const open = new Map(tabs.map((tab) => [tab, new Set<object>()]))
  for (const tab of tabs) {
    const streams = open.get(tab)
    tab.on('request', (request) => {
      if (request.url().includes('/trpc/changes.subscribe')) streams?.add(request)
    })
    tab.on('requestfinished', (request) => streams?.delete(request))
    tab.on('requestfailed', (request) => streams?.delete(request))
  }
  return () => tabs.filter((tab) => !tab.isClosed() && (open.get(tab)?.size ?? 0) > 0)
}

async function leaderOf(leaders: () => Page[]): Promise<Page> {
  await expect.poll(() => leaders().length, SOON).toBe(1)
  await expect.poll(openStreams, SOON).toBe(1)
  const [leader] = leaders()
  if (!leader) throw new Error('no tab leads')
  return leader
}

/** Renames the workspace, and waits until every tab shows it. */
async function expectAllSee(tabs: readonly Page[], name: string): Promise<void> {
  const [tab] = tabs
  if (!tab) throw new Error('no tab')
  expect((await call(tab, 'workspace.rename', { workspaceId, name })).status).toBe(200)
  for (const each of tabs) await expect(each.getByRole('heading', { level: 1, name })).toBeVisible(SOON)
}

test('eight tabs on plain http share one stream, which another tab takes over when its tab freezes or closes', async () => {
  const context = first.context()
  let tabs = [first]
  while (tabs.length < TABS) tabs.push(await context.newPage())
  const leaders = watchLeader(tabs)
  for (const tab of tabs) await tab.goto(`${server.address}/workspaces/${workspaceId}/settings`)
  expect(await first.evaluate(() => [isSecureContext, 'locks' in navigator])).toEqual([false, false])
  for (const tab of tabs) await expect(tab.getByRole('heading', { level: 1, name: 'Zero' })).toBeVisible(SOON)
  const leader = await leaderOf(leaders)
  await expectAllSee(tabs, 'First')
  expect(await openStreams()).toBe(1)

  // A change in the middle of the hand-over is seen, too. Browsers freeze hidden tabs only, so the event stands for it.
  await leader.evaluate(() => document.dispatchEvent(new Event('freeze')))
  await expectAllSee(tabs, 'Second')
  const second = await leaderOf(leaders)
  expect(second).not.toBe(leader)

  tabs = tabs.filter((tab) => tab !== second)
  await second.close()
  await expectAllSee(tabs, 'Third')
  expect(tabs).toContain(await leaderOf(leaders))
})

test('no tab keeps the stream of an account after another one signs in', async ({ browser }) => {
  const others = await openStreams()
  const page = await visitor(browser, server)
  const context = page.context()
  expect((await call(page, 'session.signIn', { username: 'admin', password: PASSWORD })).status).toBe(200)
  const tabs = [page, await context.newPage(), await context.newPage()]
  for (const tab of tabs) {
    await tab.goto(server.address)
    await expect(tab.getByRole('button', { name: /^Account: admin/u })).toBeVisible(SOON)
  }
  // The cookie is the whole browser's. So the console of another user that opens in it changes all tabs.
  const other = await context.newPage()
  await other.goto(`${server.address}/healthz`)
  expect((await call(other, 'session.signIn', { username: 'ben', password: PASSWORD })).status).toBe(200)
  await other.goto(server.address)
  for (const tab of [other, ...tabs])
    await expect(tab.getByRole('button', { name: /^Account: Ben Ito/u })).toBeVisible(SOON)
  await expect.poll(openStreams, SOON).toBe(others + 1)

  // A page without the console, which no sign-in reloads.
  const bare = await context.newPage()
  await bare.goto(`${server.address}/healthz`)
  expect((await call(bare, 'session.signOut', {})).status).toBe(200)
  for (const tab of [other, ...tabs]) await expect(tab.getByRole('heading', { name: 'Sign in' })).toBeVisible(SOON)
  await expect.poll(openStreams, SOON).toBe(others)
})
