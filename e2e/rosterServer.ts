import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { createDatabase, dropDatabase, type TestServer } from '@roster/db/testing/server'
import type { NodeAnswer, NodeRequest } from './nodes.ts'

/** A real server, empty at first, on a database of its own. */
export interface RosterServer {
  address: string
  /** The setup code of this start, empty if the database has a user. */
  code: string
  databaseUrl: string
  stop(): Promise<void>
}

/** The environment variable by which the global setup tells the workers of the PostgreSQL of this run. */
export const POSTGRES = 'ROSTER_E2E_POSTGRES'

/**
 * Starts a server on a new database and a free port, or a further node on the database of another server. All servers
 * of a worker are in one process. For a process of its own see `startProgram`.
 */
export async function startRoster({ databaseUrl }: { databaseUrl?: string } = {}): Promise<RosterServer> {
  const postgres = JSON.parse(process.env[POSTGRES] ?? '') as TestServer
  const created = databaseUrl === undefined ? await createDatabase(postgres) : undefined
  const url = databaseUrl ?? created?.url ?? ''
  const { address, code } = await ask({ start: { databaseUrl: url } })
  return {
    address,
    code,
    databaseUrl: url,
    async stop() {
      await ask({ stop: { address } })
      if (created) await dropDatabase(postgres, created)
    },
  }
}

let program: ChildProcess | undefined
let count = 0

type Question = NodeRequest extends infer R ? (R extends NodeRequest ? Omit<R, 'id'> : never) : never

async function ask(question: Question): Promise<{ address: string; code: string }> {
  program ??= startNodes()
  const nodes = program
  const id = ++count
  const { promise, resolve, reject } = Promise.withResolvers<NodeAnswer>()
  const receive = (answer: NodeAnswer): void => void (answer.id === id && resolve(answer))
  const ended = (): void => reject(new Error('the servers of this worker ended'))
  nodes.on('message', receive).once('exit', ended)
  nodes.send({ id, ...question })
  try {
    const answer = await promise
    if ('error' in answer) throw new Error(answer.error)
    return answer
  } finally {
    nodes.off('message', receive).off('exit', ended)
  }
}

function startNodes(): ChildProcess {
  const nodes = fork(join(import.meta.dirname, 'nodes.ts'), { execArgv: [], env: { PATH: process.env['PATH'] } })
  // The worker ends without waiting for it; it notices.
  nodes.unref()
  nodes.channel?.unref()
  return nodes
}
