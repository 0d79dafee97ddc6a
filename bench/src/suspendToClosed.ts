import type { Bench } from './bench.ts'
import { latencyRows, TAIL_CALLS } from './latency.ts'
import type { Row } from './report.ts'
import { createSession } from './seed.ts'
import { type ServerProcess, startServer } from './serverProcess.ts'
import { pick, takeVersionTurns } from './turns.ts'
import type { Version } from './version.ts'

const PAIRS = 16
const ROUNDS = TAIL_CALLS / PAIRS
/** Where the suspended users begin among the seeded ones. Other parts use the users before. */
const FIRST_USER = 4_000

/** Milliseconds from each call to the end of the streams, on the node that was called and on another one. */
interface Turn {
  here: number[]
  elsewhere: number[]
}

/** Times from the call that suspends a user to the end of their change streams: on the same node, and on another one. */
export async function suspendToClosed(bench: Bench): Promise<Row[]> {
  const nodes: ServerProcess[] = []
  try {
    const turns = await takeVersionTurns(
      bench,
      async (version) => {
        const other = await startServer({ root: version.root, env: { DATABASE_URL: version.databaseUrl } })
        nodes.push(other)
        return (turn) => suspendUsers(version, other, FIRST_USER + turn * ROUNDS)
      },
      PAIRS,
    )
    return [
      ...latencyRows(
        'suspend to closed stream, same node',
        pick(turns, ({ here }) => here),
      ),
      ...latencyRows(
        'suspend to closed stream, another node',
        pick(turns, ({ elsewhere }) => elsewhere),
      ),
    ]
  } finally {
    for (const node of nodes) await node.stop()
  }
}

async function suspendUsers({ roster, seeded, pool }: Version, other: ServerProcess, first: number): Promise<Turn> {
  const turn: Turn = { here: [], elsewhere: [] }
  for (const userId of seeded.users.slice(first, first + ROUNDS)) {
    const headers = roster.headersOf(await createSession(pool, seeded.organizationId, userId))
    const path = new URL(roster.query('changes.subscribe')).pathname
    const here = await openStream(`${roster.address}${path}`, headers)
    const elsewhere = await openStream(`${other.address}${path}`, headers)
    const start = performance.now()
    const closed = Promise.all([
      here().then(() => turn.here.push(performance.now() - start)),
      elsewhere().then(() => turn.elsewhere.push(performance.now() - start)),
    ])
    await roster.mutate('user.suspend', { userId })
    await closed
  }
  return turn
}

/** Opens a change stream. Returns a function that waits for its end. */
async function openStream(url: string, headers: Record<string, string>): Promise<() => Promise<void>> {
  const response = await fetch(url, { headers })
  if (!response.ok || !response.body) throw new Error(`the stream did not open: ${response.status}`)
  const reader = response.body.getReader()
  await reader.read()
  return async () => {
    while (!(await reader.read()).done) {
      // Only the end counts.
    }
  }
}
