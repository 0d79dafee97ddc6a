import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { type Node, PASSWORD, type Programs, post } from '../support/program.ts'
import { connectedStream, type ObservedStream } from '../support/stream.ts'

/** A running server and the session of its administrator. */
export interface RunningNode {
  programs: Pick<Programs, 'start' | 'kill' | 'postgresPid'>
  node: Node
  cookie: string
}

let nameCount = 0

/**
 * Kills the database, the server or both during writes, sign-ins and an open stream: once some writes are acknowledged,
 * and `delay` ms later. Waits until
 * everything works again. Checks that every acknowledged write exists and that no request without valid credentials
 * succeeded. Returns the server that runs afterwards.
 */
export async function crashUnderLoad(
  { programs, node, cookie }: RunningNode,
  target: 'database' | 'server' | 'both',
  delay = 0,
): Promise<Node> {
  const load = { node, running: true, restarted: false }
  const acknowledged: string[] = []
  const recovered: (() => boolean)[] = []
  /**
   * Repeat a call until the load stops. It has recovered once it succeeds after the restart. A stopped server refuses
   * the connection.
   */
  async function repeat(call: (address: string) => Promise<boolean>): Promise<void> {
    let succeeded = false
    recovered.push(() => succeeded)
    while (load.running) {
      const done = await call(load.node.address).catch((error: unknown) => {
        if (error instanceof TypeError) return false
        throw error
      })
      if (done && load.restarted) succeeded = true
      await sleep(2)
    }
  }
  const stream = await connectedStream(node.address, cookie)
  const loops = Promise.all([
    ...Array.from({ length: 4 }, () =>
      repeat(async (address) => {
        const name = `Workspace ${++nameCount}`
        const { status } = await post(address, 'workspace.create', { name }, cookie)
        if (status === 200) acknowledged.push(name)
        else expect(status).toBe(503)
        return status === 200
      }),
    ),
    repeat(async (address) => {
      const { status } = await post(address, 'session.signIn', { username: 'ada', password: 'wrong' })
      expect([401, 429, 503]).toContain(status)
      return status !== 503
    }),
    repeat(async (address) => {
      const { status } = await post(
        address,
        'workspace.create',
        { name: 'Without a session' },
        `${cookie.split('=')[0]}=made-up`,
      )
      expect([401, 503]).toContain(status)
      return status === 401
    }),
  ]).finally(() => {
    load.running = false
  })
  loops.catch(() => undefined)
  while (load.running && acknowledged.length < 5) await sleep(2)
  await sleep(delay)
  const postgres = (await programs.postgresPid()) ?? 0
  if (target !== 'server') process.kill(postgres, 'SIGKILL')
  if (target !== 'database') {
    const ended = once(node.program, 'exit')
    node.program.kill('SIGKILL')
    await ended
    load.node = await programs.start()
  }
  load.restarted = true
  for (let attempts = 0; load.running && !recovered.every((hasRecovered) => hasRecovered()); attempts++) {
    if (attempts > 6_000) throw new Error('it did not recover')
    await sleep(10)
  }
  load.running = false
  await loops
  if (target === 'database') await expectClosedOrCurrent(stream, load.node.address, cookie)
  const stored = await workspaceNames(load.node.address, cookie)
  expect(acknowledged.filter((name) => !stored.includes(name))).toEqual([])
  expect(new Set(stored).size).toBe(stored.length)
  expect(stored).not.toContain('Without a session')
  expect(acknowledged.length).toBeGreaterThan(4)
  expect(
    (await post(load.node.address, 'session.signIn', { username: 'ada', password: PASSWORD })).status,
  ).toBeLessThan(500)
  return load.node
}

/**
 * A node that can't read the outbox for about a second closes its streams. If the database is back sooner, they stay
 * open and miss nothing.
 */
async function expectClosedOrCurrent(stream: ObservedStream, address: string, cookie: string): Promise<void> {
  const before = stream.events.length
  expect((await post(address, 'workspace.create', { name: `Workspace ${++nameCount}` }, cookie)).status).toBe(200)
  await expect
    .poll(() => stream.end?.last ?? stream.events.slice(before).map(({ kind }) => kind)[0], { timeout: 10_000 })
    .toBeDefined()
  if (stream.end) expect(stream.end.last).toEqual({ kind: 'closed', why: 'server' })
}

/** The names of all workspaces, read page by page. */
async function workspaceNames(address: string, cookie: string): Promise<string[]> {
  const names: string[] = []
  let after: string | null | undefined
  do {
    const input = encodeURIComponent(JSON.stringify({ page: { size: 50, ...(after ? { after } : {}) } }))
    const answer = await fetch(`${address}/trpc/workspace.list?input=${input}`, { headers: { cookie } })
    const body = (await answer.json()) as { result: { data: { rows: { name: string }[]; after: string | null } } }
    names.push(...body.result.data.rows.map(({ name }) => name))
    after = body.result.data.after
  } while (after)
  return names
}
