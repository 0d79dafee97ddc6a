import { createHash } from 'node:crypto'
import { type Database, named, type Reading, SESSION_STATEMENT, userListStatement } from '@roster/db'
import type { UserFilter } from '@roster/domain'
import { initTRPC } from '@trpc/server'
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import { type FastifyInstance, fastify } from 'fastify'

/**
 * What Roster is compared with: the same statements on the same pool settings, without anything of Roster around them. The session statement in a bare
 * tRPC procedure, and the list's statement in a bare Fastify route.
 */
export async function bareServer({ pool }: Database, token: string): Promise<FastifyInstance> {
  const app = fastify()
  const hash = createHash('sha256').update(token).digest()
  const t = initTRPC.create()
  const router = t.router({ me: t.procedure.query(async () => (await pool.query({ ...SESSION_STATEMENT, values: [hash] })).rows[0] as object) })
  await app.register(fastifyTRPCPlugin, { prefix: '/trpc', trpcOptions: { router } })
  app.get('/list', async (request) => {
    const { filter, how } = JSON.parse((request.query as { q: string }).q) as { filter: UserFilter; how: Reading }
    const { rows } = await pool.query(named(userListStatement({ kind: 'instance' }, filter, 'username', false, how), filter.search === undefined))
    return { rows }
  })
  return app
}
