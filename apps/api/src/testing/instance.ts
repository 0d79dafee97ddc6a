import { connect, type Database, ensureInstance } from '@roster/db'
import { createTestDatabase } from '@roster/db/testing'
import type { Refusal } from '@roster/domain'
import { createTRPCClient, httpLink, type TRPCClient, TRPCClientError } from '@trpc/client'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { afterAll } from 'vitest'
import { buildApp } from '../app.ts'
import { ConnectionHub } from '../changes/connectionHub.ts'
import { createContext } from '../context.ts'
import { uploadGuard } from '../import/uploadGuard.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { type AppRouter, router } from '../router.ts'
import type { Services } from '../services.ts'
import { exportUsers } from '../user/exportUsers.ts'
import { type AuditedEvent, readAudit } from './audit.ts'
import { injectedFetch } from './fetch.ts'
import { type Fixtures, fixtures } from './fixtures.ts'
import { watchStatements } from './statements.ts'

/** A whole node on a database of the test file's own; calls go through the real HTTP server, by injected requests. */
export interface TestInstance {
  app: FastifyInstance
  /** Where its database is reached. */
  url: string
  db: Database
  services: Services
  make: Fixtures
  /** The typed client of somebody signed in: their session's row is made at the first call. */
  as: (user: { id: string }) => TRPCClient<AppRouter>
  /** The same by a session of its own, whatever became of those before. */
  anew: (user: { id: string }) => TRPCClient<AppRouter>
  /** The typed client of nobody. */
  nobody: TRPCClient<AppRouter>
  /** The `cookie` header of a new session of somebody. */
  cookieOf: (user: { id: string }) => Promise<string>
  /** The audit events of a target, oldest first. */
  audit: (targetId: string) => Promise<AuditedEvent[]>
}

/** What the nodes of tests seal secrets with. */
const TEST_KEY = Buffer.alloc(32, 7)

/** How a node for tests is set up. `connections`: of its pool, at most. */
interface NodeSettings {
  connections?: number
  /** Told the text of each statement that its calls send to the database. */
  onStatement?: (text: string) => void
  publicUrl?: string | null
  log?: FastifyBaseLogger
  /** How long an export waits for its reader. Milliseconds. */
  exportTimeout?: number
}

/** Start a node for a test file, at its top; it is stopped when the file's tests are over. */
export async function testInstance(settings: NodeSettings = {}): Promise<TestInstance> {
  const { url } = await createTestDatabase()
  return testNode(url, settings)
}

/** Start a node on a database that is there: another node's, or one that is reached in some other way. Stopped like `testInstance`'s. */
export async function testNode(
  url: string,
  { connections = 16, publicUrl = null, log = createLog('warn'), onStatement, exportTimeout }: NodeSettings = {},
): Promise<TestInstance> {
  const db = connect({ url, max: connections })
  if (onStatement) watchStatements(db, onStatement)
  const { hmacKey } = await ensureInstance(db.prisma)
  const hub = new ConnectionHub({ db, directUrl: url, log })
  const services: Services = { db, hmacKey, secretKey: TEST_KEY, publicUrl, hub, log }
  const app = await buildApp({
    env: { publicUrl, trustProxy: false, metricsToken: null },
    log,
    router,
    createContext: createContext(services),
    files: uploadGuard(services),
    routes: (api) => exportUsers(api, services, exportTimeout),
    metrics: createMetrics({ streams: () => hub.open, pools: () => [] }),
    whyNotReady: async () => null,
  })
  await hub.start()
  afterAll(async () => {
    await hub.close()
    await app.close()
    await db.close()
  })

  const make = fixtures(services)
  const cookieOf = async (user: { id: string }): Promise<string> => (await make.session(user)).cookie
  const client = (cookie?: () => Promise<string>) =>
    createTRPCClient<AppRouter>({ links: [httpLink({ url: 'http://localhost/trpc', fetch: injectedFetch(app, cookie) })] })
  const anew = (user: { id: string }): TRPCClient<AppRouter> => {
    let cookie: Promise<string> | undefined
    return client(() => (cookie ??= cookieOf(user)))
  }
  const clients = new Map<string, TRPCClient<AppRouter>>()
  const as = (user: { id: string }): TRPCClient<AppRouter> => {
    const known = clients.get(user.id)
    if (known) return known
    const made = anew(user)
    clients.set(user.id, made)
    return made
  }
  return { app, url, db, services, make, as, anew, nobody: client(), cookieOf, audit: (targetId) => readAudit(db, targetId) }
}

/** The refusal that a call ends in; a call that is answered is an error. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call
  } catch (error) {
    if (error instanceof TRPCClientError) return (error as TRPCClientError<AppRouter>).data?.refusal ?? fail(error)
    throw error
  }
  throw new Error('the call was not refused')
}

/** What calls made at once end in, in their order: null where one was answered. */
export function refusalsOf(calls: readonly Promise<unknown>[]): Promise<(Refusal | null)[]> {
  return Promise.all(
    calls.map((call) =>
      call.then(
        () => null,
        (error: unknown) => refusalOf(Promise.reject(error)),
      ),
    ),
  )
}

function fail(error: Error): never {
  throw error
}
