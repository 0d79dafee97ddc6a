import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createLog } from '../log.ts'
import { testInstance, testNode } from '../testing/instance.ts'
import { layLine } from '../testing/line.ts'
import { connectedStream, followStream, openStream } from '../testing/stream.ts'

const here = await testInstance()
const line = await layLine(here.url)
// Another node, which reaches the same database by a line of its own, and whose complaints are not what is looked at.
const far = await testNode(line.url, { log: createLog('silent') })
const address = await far.app.listen({ port: 0, host: '127.0.0.1' })
const { make, db } = here
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
const newReader = async () => {
  const user = await make.user({ organizationId: acme.id, role: 'manager' })
  return { user, ...(await make.session(user)) }
}

async function killEars(): Promise<number | null> {
  const { rowCount } = await db.pool.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'roster-listen' AND datname = current_database()",
  )
  return rowCount
}

test('a node whose ear is killed again and again closes the streams of whoever is suspended within a second all the same', async () => {
  const readers = await Promise.all([1, 2, 3].map(newReader))
  for (const { user, cookie } of readers) {
    const stream = await connectedStream(address, cookie)
    // The ones killed before take a moment to come back.
    await expect.poll(killEars).toBeGreaterThan(0)
    await here.as(ada).user.suspend.mutate({ userId: user.id })
    const since = performance.now()
    const { last, at } = await stream.ended()
    expect(last).toEqual({ kind: 'ended', reason: 'suspended' })
    expect(at - since).toBeLessThan(1_000)
    await sleep(150)
  }
})

for (const [how, disturb] of [
  ['hears nothing from its database any more', line.freeze],
  ['has lost its database', line.cut],
] as const) {
  test(`a node that ${how} closes its streams within a second, opens none, and hears again once it can`, async () => {
    const [goes, stays] = [await newReader(), await newReader()]
    const streams = await Promise.all([goes, stays].map(({ cookie }) => connectedStream(address, cookie)))
    disturb()
    const since = performance.now()
    await here.as(ada).user.suspend.mutate({ userId: goes.user.id })
    for (const stream of streams) {
      const { last, at } = await stream.ended()
      expect(last).toEqual({ kind: 'closed', why: 'server' })
      expect(at - since).toBeLessThan(1_500)
    }
    line.mend()
    // Consoles come back by themselves; who was suspended meanwhile is told so.
    const [gone, back] = await Promise.all([goes, stays].map(({ cookie }) => untilServed(cookie)))
    expect((await gone?.ended())?.refusal).toMatchObject({ code: 'SESSION_ENDED', details: { reason: 'suspended' } })
    const made = await here.as(ada).workspace.create.mutate({ name: `After the node ${how}` })
    await back?.heard((event) => event.kind === 'changed' && event.targetId === made.id)
  })
}

/** A console that comes back until the node serves it again. */
async function untilServed(cookie: string) {
  for (let attempts = 0; attempts < 100; attempts++) {
    const stream = await openStream(address, cookie)
    const refused = await Promise.race([
      stream.ended().then(({ refusal, last }) => refusal?.code ?? last?.kind),
      stream.heard(({ kind }) => kind === 'hello').then(() => 'hello'),
    ])
    if (refused === 'SESSION_ENDED' || refused === 'hello') return refused === 'hello' ? followStream(address, cookie) : stream
    await sleep(100)
  }
  throw new Error('the node did not recover')
}
