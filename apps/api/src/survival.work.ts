import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { type Node, PASSWORD, type Programs, post } from './testing/program.ts'
import { connectedStream, type ObservedStream } from './testing/stream.ts'

/** What runs, and who is signed in. */
export interface Scene {
  programs: Pick<Programs, 'start' | 'kill' | 'postgresPid'>
  node: Node
  cookie: string
}

let names = 0

/**
 * Kill the database, the server or both after so many milliseconds of work, sign-ins and an open stream, and go on until everything works again:
 * then whatever was acknowledged is there, and nobody got in who shouldn't. Gives the server that runs afterwards.
 */
export async function killedUnderWork({ programs, node, cookie }: Scene, what: 'database' | 'server' | 'both', after: number): Promise<Node> {
  const now = { node, on: true, back: false }
  const acknowledged: string[] = []
  const worked: (() => boolean)[] = []
  /** Do something again and again, until it has worked after the killing. A server that is not there answers nothing. */
  async function keep(call: (address: string) => Promise<boolean>): Promise<void> {
    let works = false
    worked.push(() => works)
    while (now.on) {
      const done = await call(now.node.address).catch((error: unknown) => {
        if (error instanceof TypeError) return false
        throw error
      })
      if (done && now.back) works = true
      await sleep(2)
    }
  }
  const stream = await connectedStream(node.address, cookie)
  const loops = Promise.all([
    ...Array.from({ length: 4 }, () =>
      keep(async (address) => {
        const name = `Workspace ${++names}`
        const { status } = await post(address, 'workspace.create', { name }, cookie)
        if (status === 200) acknowledged.push(name)
        else expect(status).toBe(503)
        return status === 200
      }),
    ),
    keep(async (address) => {
      const { status } = await post(address, 'session.signIn', { username: 'ada', password: 'wrong' })
      expect([401, 429, 503]).toContain(status)
      return status !== 503
    }),
    keep(async (address) => {
      const { status } = await post(address, 'workspace.create', { name: 'By nobody' }, `${cookie.split('=')[0]}=made-up`)
      expect([401, 503]).toContain(status)
      return status === 401
    }),
  ]).finally(() => {
    now.on = false
  })
  loops.catch(() => undefined)
  await sleep(after)
  const postgres = (await programs.postgresPid()) ?? 0
  if (what !== 'server') process.kill(postgres, 'SIGKILL')
  if (what !== 'database') {
    const ended = once(node.program, 'exit')
    node.program.kill('SIGKILL')
    await ended
    now.node = await programs.start()
  }
  now.back = true
  for (let attempts = 0; now.on && !worked.every((works) => works()); attempts++) {
    if (attempts > 6_000) throw new Error('it did not recover')
    await sleep(10)
  }
  now.on = false
  await loops
  if (what === 'database') await closedOrFollows(stream, now.node.address, cookie)
  const there = await workspaceNames(now.node.address, cookie)
  expect(acknowledged.filter((name) => !there.includes(name))).toEqual([])
  expect(new Set(there).size).toBe(there.length)
  expect(there).not.toContain('By nobody')
  expect(acknowledged.length).toBeGreaterThan(4)
  expect((await post(now.node.address, 'session.signIn', { username: 'ada', password: PASSWORD })).status).toBeLessThan(500)
  return now.node
}

/** A node that heard nothing for about a second closed its streams; where the database was back sooner, they stay, and miss nothing. */
async function closedOrFollows(stream: ObservedStream, address: string, cookie: string): Promise<void> {
  const before = stream.events.length
  expect((await post(address, 'workspace.create', { name: `Workspace ${++names}` }, cookie)).status).toBe(200)
  await expect.poll(() => stream.end?.last ?? stream.events.slice(before).map(({ kind }) => kind)[0], { timeout: 10_000 }).toBeDefined()
  if (stream.end) expect(stream.end.last).toEqual({ kind: 'closed', why: 'server' })
}

/** All workspaces there are, page by page. */
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
