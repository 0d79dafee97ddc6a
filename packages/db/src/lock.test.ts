import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { connect } from './client.ts'
import { holdActor, lockUser } from './lock.ts'
import { openSession } from './session.ts'
import { createTestDatabase } from './testing.ts'
import { inTransaction } from './transaction.ts'

const { url } = await createTestDatabase()
const { prisma, pool, close } = connect({ url })
afterAll(close)

const [organizationId, userId, sessionId] = [randomUUID(), randomUUID(), randomUUID()]
await pool.query(`INSERT INTO "organization" ("id", "name", "nameKey") VALUES ($1, 'Acme', 'acme')`, [organizationId])
await pool.query(`INSERT INTO "user" ("id", "organizationId", "username", "role") VALUES ($1, $2, 'max', 'manager')`, [userId, organizationId])
const end = new Date(Date.now() + 3_600_000)
const session = (id: string) => ({ id, tokenHash: randomBytes(32), userId, expiresAt: end, absoluteEndAt: end, device: null, address: null })
await openSession(prisma, session(sessionId))

test('somebody who never stops saving, several things at once, can be suspended and can sign in elsewhere all the same', async () => {
  let stopped = false
  // Each is under way while another begins, so that there is no moment without one.
  const saving = [0, 1, 2, 3].map(async (n) => {
    await sleep(n * 50)
    while (!stopped) {
      await inTransaction(prisma, async (tx) => {
        expect(await holdActor(tx, { userId, sessionId })).toBeDefined()
        await sleep(200)
      })
    }
  })
  await sleep(400)
  const start = performance.now()
  const locked = await inTransaction(prisma, (tx) => lockUser(tx, { kind: 'instance' }, userId))
  await inTransaction(prisma, (tx) => openSession(tx, session(randomUUID())))
  expect(locked?.username).toBe('max')
  expect(performance.now() - start).toBeLessThan(3_000)
  stopped = true
  await Promise.all(saving)
})
