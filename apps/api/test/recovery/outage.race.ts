import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { browserAt } from '../support/browser.ts'
import type { DatabaseProxy } from '../support/databaseProxy.ts'
import type { TestInstance } from '../support/instance.ts'
import { fastHash } from '../support/password.ts'
import type { Races } from '../support/races.ts'
import { connectedStream } from '../support/stream.ts'

const PASSWORD = 'correct horse battery'

/** The refusals that an outage may cause. */
const OUTAGE_CODES = ['DATABASE_UNAVAILABLE', 'BUSY']

/**
 * Network failures between the node `far` and its database under load. The node `near` reads the same database
 * directly.
 */
export async function outageRaces(
  near: TestInstance,
  far: TestInstance,
  proxy: DatabaseProxy,
  address: string,
): Promise<Races> {
  const { make, db } = near
  const acme = await make.organization()
  const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: fastHash(PASSWORD) })
  let nameCount = 0

  async function runOutage(fail: () => void, round: number): Promise<void> {
    await db.pool.query('DELETE FROM "rate_limit"')
    const { cookie } = await make.session(ada)
    const stream = await connectedStream(address, cookie)
    const worker = browserAt(far, '192.0.2.1', cookie)
    const forgedCookie = browserAt(far, '192.0.2.3', `${cookie.split('=')[0]}=forged-token`)
    const load = { running: true, restored: false, failedAt: 0 }
    const acknowledged: string[] = []
    const attempted: string[] = []
    const recovered: (() => boolean)[] = []
    const outcomes = new Set<string>()
    /** Repeat a call until the load stops. It has recovered once it succeeds after the connection is restored. */
    const repeat = async (call: () => Promise<boolean>): Promise<void> => {
      let succeeded = false
      recovered.push(() => succeeded)
      while (load.running) {
        if ((await call()) && load.restored) succeeded = true
        await sleep(5)
      }
    }
    const loops = [
      ...Array.from({ length: 4 }, () =>
        repeat(async () => {
          const username = `outage-${++nameCount}`
          attempted.push(username)
          const { status, body, refusal } = await worker.call('user.create', { username, credential: { kind: 'link' } })
          if (status === 200) acknowledged.push(username)
          else expect(OUTAGE_CODES, body).toContain(refusal?.code)
          outcomes.add(refusal?.code ?? 'done')
          return status === 200
        }),
      ),
      repeat(async () => {
        const { status, refusal } = await browserAt(far, '192.0.2.1').signIn(ada.username, 'wrong')
        expect([401, 429, 503], JSON.stringify(refusal)).toContain(status)
        return status !== 503
      }),
      repeat(async () => {
        const { status } = await browserAt(far, '192.0.2.2').call('session.me', undefined, 'GET')
        expect(status).toBe(401)
        return true
      }),
      repeat(async () => {
        const { status } = await forgedCookie.call('session.me', undefined, 'GET')
        expect([401, 503]).toContain(status)
        return status === 401
      }),
      repeat(async () => {
        const { status } = await browserAt(far, '192.0.2.4').signIn(ada.username, PASSWORD)
        expect([200, 503]).toContain(status)
        return status === 200
      }),
    ]
    const all = Promise.all(loops).finally(() => {
      load.running = false
    })
    all.catch(() => undefined)
    await sleep(100 + (round % 7) * 20)
    fail()
    load.failedAt = performance.now()
    await sleep(1_100)
    proxy.restore()
    load.restored = true
    for (let attempts = 0; load.running && !recovered.every((hasRecovered) => hasRecovered()); attempts++) {
      if (attempts > 2_000) throw new Error('it did not recover')
      await sleep(5)
    }
    load.running = false
    await all
    const end = await stream.ended()
    expect(end.last).toEqual({ kind: 'closed', why: 'server' })
    expect(end.at - load.failedAt).toBeLessThan(1_500)

    // Every acknowledged user exists, and every existing user is complete, with one audit event and one link.
    const { rows } = await db.pool.query<{ username: string; events: number; links: number }>(
      `SELECT u."username", (SELECT count(*)::int FROM "audit_event" e WHERE e."targetId" = u."id" AND e."action" = 'user.create') AS "events",
         (SELECT count(*)::int FROM "link" l WHERE l."userId" = u."id") AS "links" FROM "user" u WHERE u."username" = ANY($1)`,
      [attempted],
    )
    const existing = new Set(rows.map(({ username }) => username))
    expect(acknowledged.filter((username) => !existing.has(username))).toEqual([])
    for (const row of rows) expect(row).toMatchObject({ events: 1, links: 1 })
    expect(outcomes).toContain('done')
  }

  return {
    'a lost database connection under load: 503, no invalid request succeeds, no acknowledged write is lost, and the node recovers':
      (round) => runOutage(proxy.disconnect, round),
    'a frozen database connection under load: no invalid request succeeds, no acknowledged write is lost, and the node recovers':
      (round) => runOutage(proxy.freeze, round),
  }
}
