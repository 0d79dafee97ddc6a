import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Paged, UserRow } from '@roster/domain'
import { createClient, type RosterClient } from './client.ts'
import { memoryOf } from './memory.ts'
import { NAMES_NOW, NAMES_THEN } from './names.ts'
import { median } from './quantile.ts'
import { MEGABYTES, PER_SECOND, type Row, versionRow } from './report.ts'
import { startServer } from './serverProcess.ts'
import { pick, summarize, takeVersionTurns } from './turns.ts'
import { ROOT } from './version.ts'

const PAIRS = 4
const CALLS = 10_000
const PARALLEL = 16
const USERS = 48
const WORKSPACES = 5

interface Calls {
  /** Calls a second. */
  rate: number
  /** Resident bytes of the server after the last call. */
  memory: number
}

/**
 * The server's memory after 10,000 mixed calls, and their rate. Each turn has a server with an empty data folder, and
 * adds 48 users to 5 workspaces. Of 10 calls, 4 are session.me, 2 user.list, 2 member.list, 1 workspace.list and 1
 * user.update.
 */
export async function mixedCalls(folder: string, baseline: string | null): Promise<Row[]> {
  const turns = await takeVersionTurns(
    { now: ROOT, baseline },
    (root) => (turn) => measure(root, join(folder, `calls-${root === ROOT ? 'now' : 'then'}-${turn}`), turn),
    PAIRS,
  )
  const compare = (part: keyof Calls) =>
    summarize(
      pick(turns, (turn) => turn[part]),
      median,
    )
  return [
    versionRow('memory after 10,000 mixed calls, the server, resident', compare('memory'), MEGABYTES, 0.82),
    versionRow('10,000 mixed calls, 16 at a time', compare('rate'), PER_SECOND),
  ]
}

async function measure(root: string, dataDir: string, turn: number): Promise<Calls> {
  const server = await startServer({ root, env: { DATA_DIR: dataDir } })
  try {
    const client = await setUp(server.address, root, dataDir)
    // The first turn only fills the compile cache of its checkout.
    const rate = turn === 0 ? Number.NaN : await makeCalls(client)
    const { server: memory } = await memoryOf(server.address, dataDir)
    return { rate, memory }
  } finally {
    await server.stop()
  }
}

async function setUp(address: string, root: string, dataDir: string): Promise<RosterClient> {
  const code = (await readFile(join(dataDir, 'setup-code'), 'utf8')).trim()
  const response = await fetch(`${address}/trpc/setup.run`, {
    method: 'POST',
    headers: { origin: address, 'content-type': 'application/json' },
    body: JSON.stringify({ code, organizationName: 'Bench', username: 'bench', password: 'five quiet benches' }),
  })
  const [cookie = ''] = response.headers.getSetCookie()
  const [, name = '', token = ''] = /^([^=]+)=([^;]+)/u.exec(cookie) ?? []
  if (!response.ok || token === '') throw new Error(`setup.run answered ${response.status}: ${await response.text()}`)
  return createClient(address, name, token, root === ROOT ? NAMES_NOW : NAMES_THEN)
}

async function makeCalls(client: RosterClient): Promise<number> {
  for (let n = 0; n < WORKSPACES; n++) await client.mutate('workspace.create', { name: `Workspace ${n}` })
  const { rows } = await read<Paged<{ id: string }>>(client, client.query('workspace.list', {}))
  const workspaces = rows.map(({ id }) => id)
  for (let n = 0; n < USERS; n++) {
    const credential = { kind: 'link' }
    await client.mutate('user.create', { username: `user.${n}`, workspaceIds: workspaces, credential })
  }
  const page = { size: 50 }
  const users = await read<Paged<UserRow>>(client, client.query('user.list', { page }))
  const versions = new Map(users.rows.filter(({ role }) => role === 'default').map(({ id }) => [id, 1]))

  const start = performance.now()
  let next = 0
  const work = async (worker: number): Promise<void> => {
    // Each worker updates users of its own, so no update meets another's version.
    const own = [...versions.keys()].filter((_, n) => n % PARALLEL === worker)
    for (let n = next++; n < CALLS; n = next++) {
      const kind = n % 10
      if (kind < 4) await read(client, client.query('session.me'))
      else if (kind < 6) await read(client, client.query('user.list', { page }))
      else if (kind < 8) await read(client, client.query('member.list', { workspaceId: workspaces[n % WORKSPACES] }))
      else if (kind < 9) await read(client, client.query('workspace.list', {}))
      else {
        const userId = own[Math.floor(n / 10) % own.length] ?? ''
        const input = { userId, expectedVersion: versions.get(userId), displayName: `User ${n}` }
        const { version } = await client.mutate<{ version: number }>('user.update', input)
        versions.set(userId, version)
      }
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, (_, worker) => work(worker)))
  return CALLS / ((performance.now() - start) / 1000)
}

async function read<T>({ headers }: RosterClient, url: string): Promise<T> {
  const response = await fetch(url, { headers })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return ((await response.json()) as { result: { data: T } }).result.data
}
