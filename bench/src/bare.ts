import { createHash } from 'node:crypto'
import { type Database, SESSION_STATEMENT, type toQuery } from '@roster/db'
import { initTRPC } from '@trpc/server'
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import { type FastifyInstance, fastify } from 'fastify'

/** A statement in the form that the pool accepts. */
export type Statement = ReturnType<typeof toQuery>

/** The server that Roster is compared with. */
export interface Bare {
  address: string
  /** Answers `/list/NAME` with the rows of a statement; returns the address. */
  serve: (name: string, statement: Statement) => string
  close: () => Promise<void>
}

/** Rows of a page. The statement reads one more, to know whether there is a next page. */
const SIZE = 50

/**
 * Serves the same statements over an equal pool and the same versions of Fastify and tRPC, without Roster around them.
 * It reads no cookie, builds no statement and maps no row.
 */
export async function bareServer({ pool }: Pick<Database, 'pool'>, token: string): Promise<Bare> {
  const app: FastifyInstance = fastify()
  const hash = createHash('sha256').update(token).digest()
  const t = initTRPC.create()
  const router = t.router({
    me: t.procedure.query(async () => (await pool.query({ ...SESSION_STATEMENT, values: [hash] })).rows[0] as object),
  })
  await app.register(fastifyTRPCPlugin, { prefix: '/trpc', trpcOptions: { router } })

  const statements = new Map<string, Statement>()
  app.get<{ Params: { name: string } }>('/list/:name', async (request) => {
    const statement = statements.get(request.params.name)
    if (!statement) throw new Error(`unknown list ${request.params.name}`)
    const { rows } = await pool.query(statement)
    return { rows: rows.slice(0, SIZE) }
  })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    address,
    serve: (name, statement) => {
      statements.set(name, statement)
      return `${address}/list/${name}`
    },
    close: () => app.close(),
  }
}
