// The program that runs the nodes of one browser worker. A further node in a running process starts in a fraction of
// the time of a process. It ends with the worker.
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import process from 'node:process'
import { readEnv } from '@roster/api/env'
import { createLog } from '@roster/api/log'
import { type RunningServer, startServer } from '@roster/api/server'
import { newSetupCode } from '@roster/api/setupCode'

/** What the worker asks for: a node on a database, or the end of one. */
export type NodeRequest = { id: number } & ({ start: { databaseUrl: string } } | { stop: { address: string } })

/** The answer to the request of that id. The setup code is empty if the database has a user. */
export type NodeAnswer = { id: number } & ({ address: string; code: string } | { error: string })

// Nodes on one database need the same key.
const SECRET_KEY = randomBytes(32).toString('base64')
const running = new Map<string, RunningServer>()

async function start(databaseUrl: string): Promise<{ address: string; code: string }> {
  const env = readEnv({ DATABASE_URL: databaseUrl, SECRET_KEY, PORT: '0', LOG_LEVEL: 'error', DATA_DIR: tmpdir() })
  const server = await startServer(env, { log: createLog(env.logLevel) })
  running.set(server.address, server)
  return { address: server.address, code: (await newSetupCode(server.services.db)) ?? '' }
}

async function stop(address: string): Promise<{ address: string; code: string }> {
  await running.get(address)?.stop()
  running.delete(address)
  return { address, code: '' }
}

process.on('message', (request: NodeRequest) => {
  const work = 'start' in request ? start(request.start.databaseUrl) : stop(request.stop.address)
  work.then(
    (answer) => process.send?.({ id: request.id, ...answer } satisfies NodeAnswer),
    (error: unknown) => process.send?.({ id: request.id, error: String(error) } satisfies NodeAnswer),
  )
})
process.on('disconnect', () => process.exit())
