import { flushRefusals } from '@roster/db'
import { expect } from 'vitest'
import { browserAt } from '../../test/support/browser.ts'
import { refusalsOf, type TestInstance } from '../../test/support/instance.ts'
import type { Races } from '../../test/support/races.ts'

interface RefusalRow {
  subject: string | null
  action: string
  code: string
  at: string
  count: number
}

/** Refusals that two nodes count and flush to the audit log concurrently. */
export async function recordRefusalRaces([here, there]: readonly [TestInstance, TestInstance]): Promise<Races> {
  const { make, db } = here
  const acme = await make.organization()
  const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
  const at = (i: number): TestInstance => (i % 2 ? here : there)
  const flush = (i: number) => flushRefusals(at(i).db.prisma)
  /** Makes the counted minutes end. */
  const endMinutes = () => db.pool.query(`UPDATE "refusal_count" SET "minute" = "minute" - interval '2 minutes'`)
  const readRefusals = async (condition: string, values: unknown[]): Promise<RefusalRow[]> => {
    const { rows } = await db.pool.query<RefusalRow>(
      `SELECT e."actorId"::text AS "subject", e."action", e."code", e."at"::text, e."count" FROM "audit_event" e JOIN "audit_text" t ON t."eventId" = e."id" AND t."at" = e."at"
       WHERE e."outcome" = 'refused' AND ${condition}`,
      values,
    )
    return rows
  }
  let rounds = 0

  return {
    'counts concurrent refusals in one row per minute, actor, action and code, and flushes each exactly once':
      async () => {
        const managers = await make.users([1, 2, 3].map(() => ({ organizationId: acme.id, role: 'manager' as const })))
        await Promise.all(managers.flatMap((manager, i) => [at(i).as(manager).session.me.query()]))
        const calls = managers.flatMap((manager, i) => {
          const client = at(i).as(manager)
          return Array.from({ length: 8 }, (_, k) =>
            k % 2
              ? client.user.suspend.mutate({ userId: ada.id })
              : client.user.setRole.mutate({ userId: manager.id, role: 'default', expected: 'manager' }),
          )
        })
        // Flush ended minutes while more refusals are counted.
        const flushing = Promise.all([flush(0), flush(1), endMinutes().then(() => flush(0)), flush(1)])
        for (const refusal of await refusalsOf(calls)) expect(refusal?.code).toBe('TARGET_NOT_ALLOWED')
        await flushing
        await endMinutes()
        await Promise.all([0, 1, 0, 1].map(flush))
        const rows = await readRefusals(`e."actorId" = ANY($1)`, [managers.map(({ id }) => id)])
        for (const { id } of managers) {
          for (const action of ['user.suspend', 'user.setRole']) {
            const mine = rows.filter((row) => row.subject === id && row.action === action)
            expect(mine.reduce((sum, { count }) => sum + count, 0)).toBe(4)
            expect(new Set(mine.map((row) => row.at)).size).toBe(mine.length)
          }
        }
        expect((await db.pool.query(`SELECT 1 FROM "refusal_count"`)).rowCount).toBe(0)
      },
    'counts concurrent failed sign-ins in one row per minute, address and code': async () => {
      await db.pool.query('DELETE FROM "rate_limit"')
      const network = `192.0.2.${++rounds % 250}`
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, i) => browserAt(at(i), network).signIn(`unknown-${rounds}`, 'wrong')),
      )
      await endMinutes()
      await Promise.all([0, 1].map(flush))
      const rows = await readRefusals(
        `t."address" = $1 AND e."action" = 'session.signIn' AND e."at" > now() - interval '10 minutes'`,
        [network],
      )
      for (const code of ['INVALID_CREDENTIALS', 'TOO_MANY_ATTEMPTS']) {
        const mine = rows.filter((row) => row.code === code)
        expect(mine.reduce((sum, { count }) => sum + count, 0) % 1_000).toBe(
          answers.filter(({ refusal }) => refusal?.code === code).length,
        )
        expect(mine.length).toBeLessThanOrEqual(2)
      }
    },
    'flushes every refusal exactly once when two nodes flush concurrently': async (round) => {
      await db.pool.query(
        `INSERT INTO "refusal_count" ("minute", "subject", "action", "code", "organizationId", "count")
         SELECT date_trunc('minute', now()) - interval '2 minutes', 'many-' || n, $1, 'NOT_FOUND', $2, n FROM generate_series(1, 1200) n`,
        [`round.${round}`, acme.id],
      )
      const flushed = await Promise.all([0, 1, 0, 1, 0, 1, 0, 1].map(flush))
      let rest = 1
      while (rest > 0) rest = await flush(0)
      const { rows } = await db.pool.query<{ count: number }>(
        `SELECT "count" FROM "audit_event" WHERE "action" = $1 ORDER BY 1`,
        [`round.${round}`],
      )
      expect(rows.map(({ count }) => count)).toEqual(Array.from({ length: 1200 }, (_, i) => i + 1))
      expect(flushed.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0)
    },
  }
}
