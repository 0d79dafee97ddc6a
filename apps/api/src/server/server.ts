import { randomBytes } from 'node:crypto'
import { countJobs, ensureInstance, JobRunner, readSecretCheck } from '@roster/db'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { buildApp } from '../app.ts'
import { createContext } from '../call/context.ts'
import { observeCalls } from '../call/report.ts'
import { ConnectionHub } from '../changes/connectionHub.ts'
import type { Env } from '../env.ts'
import { readiness } from '../health/readiness.ts'
import { uploadGuard } from '../import/uploadGuard.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { router } from '../router.ts'
import { serverSecretKey } from '../secret/secretKey.ts'
import { exportUsers } from '../user/list/exportUsers.ts'
import { openDatabase } from './database.ts'
import { drain } from './drain.ts'
import { jobHandlers } from './jobHandlers.ts'
import { listenAt } from './listen.ts'
import type { Services } from './services.ts'

export type { Services }

/** How long running calls may take after the server is told to stop. Milliseconds. */
const TIMEOUT_MS = 10_000

export interface RunningServer {
  app: FastifyInstance
  services: Services
  /** The origin that users open. */
  address: string
  /** Closes the change streams, finishes running calls and closes the database. */
  stop: () => Promise<void>
}

export interface StartOptions {
  log: FastifyBaseLogger
  /** Runs on the migrated database. */
  beforeListening?: (services: Services) => Promise<void>
  /** The folder of the console's build. */
  consoleFolder?: string
}

/**
 * Starts one node: the database, the API and the console.
 * @throws {OperatorError} when the operator has to fix something first
 */
export async function startServer(
  env: Env,
  { log, beforeListening, consoleFolder }: StartOptions,
): Promise<RunningServer> {
  const { db, directUrl, close } = await openDatabase(env, log)
  let opened: ConnectionHub | undefined
  let started: JobRunner | undefined
  try {
    const { hmacKey } = await ensureInstance(db.prisma)
    const hub = new ConnectionHub({ db, directUrl, hmacKey, log, onJobs: (names) => jobs.wake(names) })
    opened = hub
    const jobs = new JobRunner({
      url: directUrl,
      handlers: jobHandlers({ db, hub, directUrl }),
      onError: (error, job) => log.error({ err: error, job }, job ? 'a job failed' : 'the job queue failed'),
    })
    started = jobs
    const secretKey = await serverSecretKey(env, await readSecretCheck(db.prisma), () => randomBytes(32))
    const services: Services = { db, hmacKey, secretKey, publicUrl: env.publicUrl, hub, log }
    await beforeListening?.(services)

    const metrics = createMetrics({
      streams: () => hub.open,
      pools: () =>
        Object.entries({ app: db.pool, jobs: jobs.pool }).map(([pool, { totalCount, idleCount, waitingCount }]) => ({
          pool,
          total: totalCount,
          idle: idleCount,
          waiting: waitingCount,
        })),
      jobs: () => countJobs(db.pool),
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
      unreadyReason: readiness(db),
      ...(consoleFolder === undefined ? {} : { consoleFolder }),
    })
    // Streams never end by themselves and would keep the server open.
    app.addHook('preClose', () => hub.close())
    await hub.start()
    const [address] = await Promise.all([listenAt(app, env), jobs.start()])

    let stopped: Promise<void> | undefined
    const stop = async (): Promise<void> => {
      await drain(app, TIMEOUT_MS)
      await jobs.stop(TIMEOUT_MS)
      unobserve()
      await close()
    }
    return { app, services, address, stop: () => (stopped ??= stop()) }
  } catch (error) {
    await started?.stop(0)
    await opened?.close()
    await close()
    throw error
  }
}
