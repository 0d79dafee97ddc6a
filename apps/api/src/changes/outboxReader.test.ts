import { expect, test, vi } from 'vitest'
import { startDatabaseProxy } from '../../test/support/databaseProxy.ts'
import { testInstance, testNode } from '../../test/support/instance.ts'
import { connectedStream, followStream, openStream } from '../../test/support/stream.ts'
import { createLog } from '../server/log.ts'

const here = await testInstance()
const proxy = await startDatabaseProxy(here.url)
// A second node that reaches the database through the proxy. Its log is silent because errors are expected.
const proxiedNode = await testNode(proxy.url, { log: createLog('silent') })
const address = await proxiedNode.app.listen({ port: 0, host: '127.0.0.1' })
const { make, db } = here
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
const newSubscriber = async () => {
  const user = await make.user({ organizationId: acme.id, role: 'manager' })
  return { user, ...(await make.session(user)) }
}

async function killListeners(): Promise<number | null> {
  const { rowCount } = await db.pool.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'roster-listen' AND datname = current_database()",
  )
  return rowCount
}

test('closes a suspended user’s streams within a second although the LISTEN connection is killed repeatedly', async () => {
  const subscribers = await Promise.all([1, 2, 3].map(newSubscriber))
  for (const { user, cookie } of subscribers) {
    const stream = await connectedStream(address, cookie)
    // A killed connection takes a moment to come back.
    await expect.poll(killListeners).toBeGreaterThan(0)
    await here.as(ada).user.suspend.mutate({ userId: user.id })
    const since = performance.now()
    const { last, at } = await stream.ended()
    expect(last).toEqual({ kind: 'ended', reason: 'suspended' })
    expect(at - since).toBeLessThan(1_000)
  }
})

for (const [failure, fail] of [
  ['a frozen database connection', proxy.freeze],
  ['a lost database connection', proxy.disconnect],
] as const) {
  test(`closes all streams within a second after ${failure}, opens none, and recovers by itself`, async () => {
    const [suspended, active] = [await newSubscriber(), await newSubscriber()]
    const streams = await Promise.all([suspended, active].map(({ cookie }) => connectedStream(address, cookie)))
    fail()
    const since = performance.now()
    await here.as(ada).user.suspend.mutate({ userId: suspended.user.id })
    for (const stream of streams) {
      const { last, at } = await stream.ended()
      expect(last).toEqual({ kind: 'closed', why: 'server' })
      expect(at - since).toBeLessThan(1_500)
    }
    proxy.restore()
    // Consoles reconnect by themselves; the suspended user gets the reason.
    const [refused, reconnected] = await Promise.all([suspended, active].map(({ cookie }) => reconnect(cookie)))
    expect((await refused?.ended())?.refusal).toMatchObject({ code: 'SESSION_ENDED', details: { reason: 'suspended' } })
    const created = await here.as(ada).workspace.create.mutate({ name: `After ${failure}` })
    await reconnected?.received((event) => event.kind === 'changed' && event.targetId === created.id)
  })
}

/** Reconnects, as a console does, until the node serves the stream or refuses the session. */
async function reconnect(cookie: string) {
  return vi.waitFor(
    async () => {
      const stream = await openStream(address, cookie)
      const outcome = await Promise.race([
        stream.ended().then(({ refusal, last }) => refusal?.code ?? last?.kind),
        stream.received(({ kind }) => kind === 'hello').then(() => 'hello'),
      ])
      if (outcome === 'hello') return followStream(address, cookie)
      if (outcome === 'SESSION_ENDED') return stream
      throw new Error('the node did not recover')
    },
    { timeout: 20_000, interval: 100 },
  )
}
