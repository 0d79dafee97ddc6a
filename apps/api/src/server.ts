import { randomBytes } from 'node:crypto'
import { ensureInstance, readSecretCheck } from '@roster/db'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { observeCalls } from './call/report.ts'
import { ConnectionHub } from './changes/connectionHub.ts'
import { createContext } from './context.ts'
import { openDatabase } from './database.ts'
import { drain } from './drain.ts'
import type { Env } from './env.ts'
import { readiness } from './health/readiness.ts'
import { startHousekeeping } from './housekeeping.ts'
import { uploadGuard } from './import/uploadGuard.ts'
import { listenAt } from './listening.ts'
import { createMetrics } from './metrics/metrics.ts'
import { router } from './router.ts'
import { serverSecretKey } from './secret/secretKey.ts'
import type { Services } from './services.ts'
import { exportUsers } from './user/exportUsers.ts'

export type { Services }

/** How long running calls may take to end once the server is told to stop. Milliseconds. */
const TIMEOUT_MS = 10_000

/** A server that listens. */
export interface RunningServer {
  app: FastifyInstance
  services: Services
  /** The origin people open. */
  address: string
  /** Stop accepting, tell open consoles, end running calls, let go of the database. */
  stop: () => Promise<void>
}

/** What a start may add: `beforeListening` runs on the migrated database; `consoleFolder` is the console's build. */
export interface StartOptions {
  log: FastifyBaseLogger
  beforeListening?: (services: Services) => Promise<void>
  consoleFolder?: string
}

/**
 * Start everything that one node consists of: database, API, console.
 * @throws {OperatorError} when something is missing that whoever runs it can put right
 */
export async function startServer(env: Env, { log, beforeListening, consoleFolder }: StartOptions): Promise<RunningServer> {
  const { db, directUrl, close } = await openDatabase(env, log)
  const hub = new ConnectionHub({ db, directUrl, log })
  try {
    const { hmacKey } = await ensureInstance(db.prisma)
    const secretKey = await serverSecretKey(env, await readSecretCheck(db.prisma), () => randomBytes(32))
    const services: Services = { db, hmacKey, secretKey, publicUrl: env.publicUrl, hub, log }
    await beforeListening?.(services)

    const metrics = createMetrics({
      streams: () => hub.open,
      pools: () => [{ pool: 'app', total: db.pool.totalCount, idle: db.pool.idleCount, waiting: db.pool.waitingCount }],
    })
    const unobserve = observeCalls(({ path, outcome, seconds }) => metrics.countCall(path, outcome, seconds))
    const app = await buildApp({
      env,
      log,
      router,
      createContext: createContext(services),
      files: uploadGuard(services),
      routes: (api) => exportUsers(api, services),
      metrics,
      whyNotReady: readiness(db),
      ...(consoleFolder === undefined ? {} : { consoleFolder }),
    })
    // Streams never end by themselves: told first, they let the server close.
    app.addHook('preClose', () => hub.close())
    await hub.start()
    const address = await listenAt(app, env)
    const housekeeping = startHousekeeping({ db, directUrl, log })

    let stopped: Promise<void> | undefined
    const stop = async (): Promise<void> => {
      await drain(app, TIMEOUT_MS)
      await housekeeping.stop()
      unobserve()
      await close()
    }
    return { app, services, address, stop: () => (stopped ??= stop()) }
  } catch (error) {
    await hub.close()
    await close()
    throw error
  }
}
