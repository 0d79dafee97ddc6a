import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { connect } from '../client/client.ts'
import { inTransaction } from '../client/transaction.ts'
import { ensureInstance } from '../instance/instance.ts'
import { lockOrganization } from '../organization/organization.ts'
import { openSession } from '../session/session.ts'
import { createTestDatabase } from '../testing/testing.ts'
import { lockPrincipal, lockUser, lockWorkspace } from './lock.ts'

const { url } = await createTestDatabase()
const { prisma, pool, close } = connect({ url })
afterAll(close)
await ensureInstance(prisma)

const [organizationId, userId, sessionId, workspaceId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
await pool.query(
  `INSERT INTO "organization" ("id", "name", "nameKey", "caselessName") VALUES ($1, 'Acme', 'acme', 'acme')`,
  [organizationId],
)
await pool.query(`INSERT INTO "user" ("id", "organizationId", "username", "role") VALUES ($1, $2, 'max', 'manager')`, [
  userId,
  organizationId,
])
await pool.query(
  `INSERT INTO "workspace" ("id", "organizationId", "name", "nameKey", "caselessName") VALUES ($1, $2, 'Research', 'research', 'research')`,
  [workspaceId, organizationId],
)
const end = new Date(Date.now() + 3_600_000)
const session = (id: string) => ({
  id,
  tokenHash: randomBytes(32),
  userId,
  expiresAt: end,
  absoluteEndAt: end,
  device: null,
  address: null,
})
await openSession(prisma, session(sessionId))

/** Changes by other users while a manager saves without a pause. */
const OTHER_CHANGES: Record<string, () => Promise<unknown>> = {
  'suspending the manager': () => inTransaction(prisma, (tx) => lockUser(tx, { kind: 'instance' }, userId)),
  'signing in as the manager': () => inTransaction(prisma, (tx) => openSession(tx, session(randomUUID()))),
  'archiving the workspace': () =>
    inTransaction(prisma, (tx) => lockWorkspace(tx, userId, { kind: 'instance' }, workspaceId, 'update')),
  'suspending the organization': () =>
    inTransaction(prisma, (tx) => lockOrganization(tx, { kind: 'instance' }, organizationId, 'update')),
}

test.each(Object.entries(OTHER_CHANGES))('a manager who never stops saving does not delay %s', async (_, change) => {
  let stopped = false
  let saves = 0
  // They overlap, so that the locks are always shared.
  const saving = [0, 1, 2, 3].map(async (n) => {
    await sleep(n * 50)
    while (!stopped) {
      await inTransaction(prisma, async (tx) => {
        expect(await lockPrincipal(tx, { userId, sessionId, organizationId })).toBeDefined()
        expect(
          await lockWorkspace(tx, userId, { kind: 'organization', organizationId }, workspaceId, 'share'),
        ).toBeDefined()
        saves++
        await sleep(200)
      })
    }
  })
  await expect.poll(() => saves).toBeGreaterThan(4)
  const start = performance.now()
  await change()
  expect(performance.now() - start).toBeLessThan(3_000)
  stopped = true
  await Promise.all(saving)
})
