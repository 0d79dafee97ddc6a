import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import fastifyCookie from '@fastify/cookie'
import type { AnyTRPCRouter } from '@trpc/server'
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify'
import type { Env } from './env.ts'
import { healthRoutes } from './health/healthRoutes.ts'
import type { Metrics } from './metrics/metrics.ts'
import { countRequests, metricsRoute } from './metrics/metricsRoute.ts'
import { consoleFiles, readStyleHashes } from './plugins/consoleFiles.ts'
import { hostCheck } from './plugins/hostCheck.ts'
import { jsonOnly } from './plugins/jsonOnly.ts'
import { originCheck } from './plugins/originCheck.ts'
import { type Procedures, serveProcedures } from './plugins/procedures.ts'
import { answerBadAddress, answerErrors } from './plugins/refusals.ts'
import { securityHeaders } from './plugins/securityHeaders.ts'
import { BODY_LIMIT } from './trpc.ts'

/** Long enough for the names of a whole batch. Characters. */
const MAX_PATH_PARAMETER = 1_000
/** A request that has not arrived by then is given up. Milliseconds. */
const REQUEST_TIMEOUT = 30_000
const CONSOLE = resolve(import.meta.dirname, '../../web/dist')

/** Trust so many proxies in front of us, whatever their addresses. */
function trustHops(proxies: number): (address: string, hop: number) => boolean {
  return (_address, hop) => hop < proxies
}

/** What a server is put together from. */
export interface AppParts<Router extends AnyTRPCRouter> extends Procedures<Router> {
  env: Pick<Env, 'publicUrl' | 'trustProxy' | 'metricsToken'>
  log: FastifyBaseLogger
  metrics: Metrics
  /** Adds the guarded addresses beside the procedures: files one downloads. */
  routes?: (api: FastifyInstance) => void
  /** Null while everything works, else the reason. */
  whyNotReady: () => Promise<string | null>
  /** The folder of the console's build. */
  consoleFolder?: string
}

/** The HTTP server, ready to listen: the API under /trpc, probes and figures, and the console everywhere else. */
export async function buildApp<Router extends AnyTRPCRouter>(parts: AppParts<Router>): Promise<FastifyInstance> {
  const { env, log, router, createContext, metrics, consoleFolder = CONSOLE } = parts
  const app: FastifyInstance = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    // A logger for each request is dear, and most requests log nothing: whoever does, names the request.
    childLoggerFactory: (logger) => logger,
    trustProxy: typeof env.trustProxy === 'number' ? trustHops(env.trustProxy) : env.trustProxy,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT,
    // While draining, calls on open connections are still answered, and told that the connection ends.
    return503OnClosing: false,
    frameworkErrors: answerBadAddress,
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

  healthRoutes(app, parts.whyNotReady)
  metricsRoute(app, metrics, env)
  await app.register(async (api) => {
    api.addHook('onRequest', (_request, reply, done) => {
      reply.header('cache-control', 'no-store')
      done()
    })
    await api.register(fastifyCookie)
    originCheck(api, env.publicUrl)
    jsonOnly(api)
    serveProcedures(api, { router, createContext, files: parts.files })
    parts.routes?.(api)
  })
  await consoleFiles(app, consoleFolder)
  return app
}
