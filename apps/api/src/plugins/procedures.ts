import { Refused } from '@roster/domain'
import type { AnyTRPCRouter } from '@trpc/server'
import type { CreateFastifyContextOptions } from '@trpc/server/adapters/fastify'
import { incomingMessageToRequest } from '@trpc/server/adapters/node-http'
import { resolveResponse } from '@trpc/server/http'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { BODY_LIMIT, MAX_BATCH } from '../trpc.ts'

/** What is served: a router, and how its context is made. */
export interface Procedures<Router extends AnyTRPCRouter> {
  router: Router
  createContext: (options: CreateFastifyContextOptions) => Router['_def']['_config']['$types']['ctx']
}

/**
 * Serve a router's procedures under /trpc. It is tRPC's own plugin for Fastify but for two things, each a part of every call: options are put together
 * once, and what is no stream is sent in one piece, with its length, instead of through a web stream.
 */
export function serveProcedures<Router extends AnyTRPCRouter>(api: FastifyInstance, { router, createContext }: Procedures<Router>): void {
  // tRPC reads bodies itself.
  api.removeContentTypeParser('application/json')
  api.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  api.all<{ Params: { path: string } }>('/trpc/:path', async (req, res) => {
    const response = await resolveResponse<Router>({
      router,
      req: incomingMessageToRequest(Object.assign(req.raw, { body: req.body }), res.raw, { maxBodySize: BODY_LIMIT }),
      path: req.params.path,
      error: null,
      createContext: async ({ info }) => createContext({ req, res, info }),
      maxBatchSize: MAX_BATCH,
      // A query whose input is too long for an address may be sent as a POST.
      allowMethodOverride: true,
      onError({ error, path }) {
        if (error.code === 'INTERNAL_SERVER_ERROR' && !(error.cause instanceof Refused))
          req.log.error({ reqId: req.id, err: error.cause ?? error, procedure: path }, 'unexpected error')
      },
    })
    return response.headers.get('content-type') === 'application/json' ? sendWhole(res, response) : res.send(response)
  })
}

async function sendWhole(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  for (const [name, value] of response.headers) reply.header(name, value)
  return reply.code(response.status).send(Buffer.from(await response.arrayBuffer()))
}
