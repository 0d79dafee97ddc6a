import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { browserAt } from './testing/browser.ts'
import type { TestInstance } from './testing/instance.ts'
import type { Line } from './testing/line.ts'
import { fastHash } from './testing/password.ts'
import type { Races } from './testing/races.ts'
import { connectedStream } from './testing/stream.ts'

const RIGHT = 'correct horse battery'

/** What may be told while the database is away. */
const AWAY = ['DATABASE_UNAVAILABLE', 'BUSY']

/** A node whose line to the database is disturbed while people work, try to sign in, and listen. `near` looks at the database undisturbed. */
export async function outageRaces(near: TestInstance, far: TestInstance, line: Line, address: string): Promise<Races> {
  const { make, db } = near
  const acme = await make.organization()
  const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: fastHash(RIGHT) })
  let names = 0

  async function endure(disturb: () => void, round: number): Promise<void> {
    await db.pool.query('DELETE FROM "rate_limit"')
    const { cookie } = await make.session(ada)
    const stream = await connectedStream(address, cookie)
    const worker = browserAt(far, '192.0.2.1', cookie)
    const stranger = browserAt(far, '192.0.2.3', `${cookie.split('=')[0]}=made-up-by-somebody`)
    const working = { on: true, mended: false, since: 0 }
    const acknowledged: string[] = []
    const tried: string[] = []
    const stopped: (() => boolean)[] = []
    const expected = new Set<string>()
    /** Do something again and again, until it has worked after the line was mended. */
    const keep = async (what: () => Promise<boolean>): Promise<void> => {
      let worked = false
      stopped.push(() => worked)
      while (working.on) {
        if ((await what()) && working.mended) worked = true
        await sleep(5)
      }
    }
    const loops = [
      ...Array.from({ length: 4 }, () =>
        keep(async () => {
          const username = `outage-${++names}`
          tried.push(username)
          const { status, body, refusal } = await worker.call('user.create', { username, credential: { kind: 'link' } })
          if (status === 200) acknowledged.push(username)
          else expect(AWAY, body).toContain(refusal?.code)
          expected.add(refusal?.code ?? 'done')
          return status === 200
        }),
      ),
      keep(async () => {
        const { status, refusal } = await browserAt(far, '192.0.2.1').signIn(ada.username, 'wrong')
        expect([401, 429, 503], JSON.stringify(refusal)).toContain(status)
        return status !== 503
      }),
      keep(async () => {
        const { status } = await browserAt(far, '192.0.2.2').call('session.me', undefined, 'GET')
        expect(status).toBe(401)
        return true
      }),
      keep(async () => {
        const { status } = await stranger.call('session.me', undefined, 'GET')
        expect([401, 503]).toContain(status)
        return status === 401
      }),
      keep(async () => {
        const { status } = await browserAt(far, '192.0.2.4').signIn(ada.username, RIGHT)
        expect([200, 503]).toContain(status)
        return status === 200
      }),
    ]
    const all = Promise.all(loops).finally(() => {
      working.on = false
    })
    all.catch(() => undefined)
    await sleep(100 + (round % 7) * 20)
    disturb()
    working.since = performance.now()
    await sleep(1_100)
    line.mend()
    working.mended = true
    for (let attempts = 0; working.on && !stopped.every((worked) => worked()); attempts++) {
      if (attempts > 2_000) throw new Error('it did not recover')
      await sleep(5)
    }
    working.on = false
    await all
    const end = await stream.ended()
    expect(end.last).toEqual({ kind: 'closed', why: 'server' })
    expect(end.at - working.since).toBeLessThan(1_500)

    // What was acknowledged is there, and whatever is there is whole: with its event in the audit log, once.
    const { rows } = await db.pool.query<{ username: string; events: number; links: number }>(
      `SELECT u."username", (SELECT count(*)::int FROM "audit_event" e WHERE e."targetId" = u."id" AND e."action" = 'user.create') AS "events",
         (SELECT count(*)::int FROM "link" l WHERE l."userId" = u."id") AS "links" FROM "user" u WHERE u."username" = ANY($1)`,
      [tried],
    )
    const there = new Set(rows.map(({ username }) => username))
    expect(acknowledged.filter((username) => !there.has(username))).toEqual([])
    for (const row of rows) expect(row).toMatchObject({ events: 1, links: 1 })
    expect(expected).toContain('done')
  }

  return {
    'a database that breaks away under work and comes back: 503 meanwhile, nobody gets in, nothing acknowledged is lost, and it goes on by itself': (round) =>
      endure(line.cut, round),
    'a database that freezes under work and thaws: nobody gets in, nothing acknowledged is lost, and it goes on by itself': (round) =>
      endure(line.freeze, round),
  }
}
