import { connect, type Database, ensureInstance, type JobName, verifySystemWrites } from '@roster/db'
import { createTestDatabase, drainJobs, openQueues } from '@roster/db/testing'
import type { Refusal } from '@roster/domain'
import { createTRPCClient, httpLink, type TRPCClient, TRPCClientError } from '@trpc/client'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { afterAll } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { createContext } from '../../src/call/context.ts'
import { ConnectionHub } from '../../src/changes/connectionHub.ts'
import { uploadGuard } from '../../src/import/uploadGuard.ts'
import { createMetrics } from '../../src/metrics/metrics.ts'
import { type AppRouter, router } from '../../src/router.ts'
import { jobHandlers } from '../../src/server/jobHandlers.ts'
import { createLog } from '../../src/server/log.ts'
import type { Services } from '../../src/server/services.ts'
import { exportUsers } from '../../src/user/list/exportUsers.ts'
import { type AuditedEvent, readAudit } from './audit.ts'
import { injectedFetch } from './fetch.ts'
import { type Fixtures, fixtures } from './fixtures.ts'
import { watchStatements } from './statements.ts'

/** A complete node on the test file's own database. Calls go through the real HTTP server as injected requests. */
export interface TestInstance {
  app: FastifyInstance
  /** The database's URL. */
  url: string
  db: Database
  services: Services
  make: Fixtures
  /** The typed client of a signed-in user. Each user has one session, created at the first call. */
  as: (user: { id: string }) => TRPCClient<AppRouter>
  /** A client with a session of its own, which works even if the user's other sessions have ended. */
  asNewSession: (user: { id: string }) => TRPCClient<AppRouter>
  /** The typed client without a session. */
  anonymous: TRPCClient<AppRouter>
  /** The `cookie` header of a new session. */
  cookieOf: (user: { id: string }) => Promise<string>
  /** The audit events of a target, oldest first. */
  audit: (targetId: string) => Promise<AuditedEvent[]>
  /** Creates the queues, so that jobs can be enqueued. */
  openQueues: () => Promise<unknown>
  /** Runs jobs until none is due. @throws AggregateError with the errors of jobs that failed */
  drainJobs: () => Promise<JobName[]>
}

const TEST_SECRET_KEY = Buffer.alloc(32, 7)

interface NodeSettings {
  /** Size of the connection pool. */
  connections?: number
  /** Receives the text of each statement that the node's calls send. */
  onStatement?: (text: string) => void
  publicUrl?: string | null
  log?: FastifyBaseLogger
  /** How long an export waits for a slow client. Milliseconds. */
  exportTimeout?: number
}

/** Starts a node on a new database. Call it at the top of a test file; it stops after the file's tests. */
export async function testInstance(settings: NodeSettings = {}): Promise<TestInstance> {
  const { url } = await createTestDatabase()
  return testNode(url, settings)
}

/** Starts a node on an existing database, such as another node's. It stops after the file's tests. */
export async function testNode(
  url: string,
  { connections = 16, publicUrl = null, log = createLog('warn'), onStatement, exportTimeout }: NodeSettings = {},
): Promise<TestInstance> {
  const db = connect({ url, max: connections })
  verifySystemWrites(db.prisma)
  if (onStatement) watchStatements(db, onStatement)
  const { hmacKey } = await ensureInstance(db.prisma)
  const hub = new ConnectionHub({ db, directUrl: url, hmacKey, log })
  const services: Services = { db, hmacKey, secretKey: TEST_SECRET_KEY, publicUrl, hub, log }
  const app = await buildApp({
    env: { publicUrl, trustProxy: false, metricsToken: null },
    log,
    router,
    createContext: createContext(services),
    files: uploadGuard(services),
    routes: (api) => exportUsers(api, services, exportTimeout),
    metrics: createMetrics({ streams: () => hub.open, pools: () => [], jobs: async () => [] }),
    unreadyReason: async () => null,
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
    createTRPCClient<AppRouter>({
      links: [httpLink({ url: 'http://localhost/trpc', fetch: injectedFetch(app, cookie) })],
    })
  const asNewSession = (user: { id: string }): TRPCClient<AppRouter> => {
    let cookie: Promise<string> | undefined
    return client(() => (cookie ??= cookieOf(user)))
  }
  const clients = new Map<string, TRPCClient<AppRouter>>()
  const as = (user: { id: string }): TRPCClient<AppRouter> => {
    const known = clients.get(user.id)
    if (known) return known
    const created = asNewSession(user)
    clients.set(user.id, created)
    return created
  }
  return {
    app,
    url,
    db,
    services,
    make,
    as,
    asNewSession,
    anonymous: client(),
    cookieOf,
    audit: (targetId) => readAudit(db, targetId),
    openQueues: () => openQueues(db.pool),
    drainJobs: () => drainJobs(db.pool, jobHandlers({ db, hub, directUrl: url })),
  }
}

/** The refusal of a call. @throws when the call succeeds or fails otherwise */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call
  } catch (error) {
    if (error instanceof TRPCClientError) return (error as TRPCClientError<AppRouter>).data?.refusal ?? fail(error)
    throw error
  }
  throw new Error('the call was not refused')
}

/** The refusals of concurrent calls, in order; null for a call that succeeded. */
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
