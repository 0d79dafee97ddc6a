import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import fastifyCookie from '@fastify/cookie'
import type { AnyTRPCRouter } from '@trpc/server'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import type { Env } from './env.ts'
import { healthRoutes } from './health/healthRoutes.ts'
import type { Metrics } from './metrics/metrics.ts'
import { countRequests } from './metrics/metrics.ts'
import { metricsRoute } from './metrics/metricsRoute.ts'
import { consoleFiles, readStyleHashes } from './plugins/consoleFiles.ts'
import { jsonOnly } from './plugins/jsonOnly.ts'
import { type Procedures, serveProcedures } from './plugins/procedures.ts'
import { answerErrors, answerInvalidUrl } from './plugins/refusals.ts'
import { hostCheck, originCheck } from './plugins/sameOrigin.ts'
import { securityHeaders } from './plugins/securityHeaders.ts'
import { BODY_LIMIT } from './trpc.ts'

/** A batch puts the names of all its procedures in the path. Characters. */
const MAX_PATH_PARAMETER = 1_000
/** How long a client may take to send a request. Milliseconds. */
const REQUEST_TIMEOUT = 30_000
const CONSOLE = resolve(import.meta.dirname, '../../web/dist')

/** Trust the given number of proxies in front of the server, whatever their addresses. */
function trustHops(proxies: number): (address: string, hop: number) => boolean {
  return (_address, hop) => hop < proxies
}

export interface AppOptions<Router extends AnyTRPCRouter> extends Procedures<Router> {
  env: Pick<Env, 'publicUrl' | 'trustProxy' | 'metricsToken'>
  log: FastifyBaseLogger
  metrics: Metrics
  /** Adds guarded routes, such as file downloads. */
  routes?: (api: FastifyInstance) => void
  /** The reason why the node can't serve; null while it can. */
  unreadyReason: () => Promise<string | null>
  /** The folder of the console's build. */
  consoleFolder?: string
}

/** Builds the HTTP server: the API under /trpc, health and metrics routes, and the console everywhere else. */
export async function buildApp<Router extends AnyTRPCRouter>(options: AppOptions<Router>): Promise<FastifyInstance> {
  const { env, log, router, createContext, metrics, consoleFolder = CONSOLE } = options
  const app: FastifyInstance = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    // A child logger per request is expensive, and most requests log nothing. Log entries name the request id
    // themselves.
    childLoggerFactory: (logger) => logger,
    trustProxy: typeof env.trustProxy === 'number' ? trustHops(env.trustProxy) : env.trustProxy,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT,
    // While draining, calls on open connections are still answered, with `connection: close`.
    return503OnClosing: false,
    frameworkErrors: answerInvalidUrl,
    routerOptions: { maxParamLength: MAX_PATH_PARAMETER },
  })
  answerErrors(app)
  securityHeaders(app, { publicUrl: env.publicUrl, styleHashes: readStyleHashes(consoleFolder) })
  hostCheck(app, env.publicUrl)
  countRequests(app, metrics)
  app.addHook('onResponse', (request, reply, done) => {
    request.log.debug({ reqId: request.id, req: request, res: reply, ms: Math.round(reply.elapsedTime) }, 'answered')
    done()
  })

  healthRoutes(app, options.unreadyReason)
  metricsRoute(app, metrics, env)
  await app.register(async (api) => {
    api.addHook('onRequest', (_request, reply, done) => {
      reply.header('cache-control', 'no-store')
      done()
    })
    await api.register(fastifyCookie)
    originCheck(api, env.publicUrl)
    jsonOnly(api)
    serveProcedures(api, { router, createContext, files: options.files })
    options.routes?.(api)
  })
  await consoleFiles(app, consoleFolder)
  return app
}
