import { inTransaction, flushRefusals } from '@roster/db'
import { expect } from 'vitest'
import { browserAt } from '../testing/browser.ts'
import { refusalsOf, type TestInstance } from '../testing/instance.ts'
import type { Races } from '../testing/races.ts'

interface Kept {
  subject: string | null
  action: string
  code: string
  at: string
  count: number
}

/** Refusals that are counted, and moved to the audit log, by two nodes at once. */
export async function recordRefusalRaces([here, there]: readonly [TestInstance, TestInstance]): Promise<Races> {
  const { make, db } = here
  const acme = await make.organization()
  const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
  const at = (i: number): TestInstance => (i % 2 ? here : there)
  const settle = (i: number) => inTransaction(at(i).db.prisma, flushRefusals)
  /** The counted minutes are over. */
  const pass = () => db.pool.query(`UPDATE "refusal_count" SET "minute" = "minute" - interval '2 minutes'`)
  const kept = async (condition: string, values: unknown[]): Promise<Kept[]> => {
    const { rows } = await db.pool.query<Kept>(
      `SELECT e."actorId"::text AS "subject", e."action", e."code", e."at"::text, e."count" FROM "audit_event" e JOIN "audit_text" t ON t."eventId" = e."id" AND t."at" = e."at"
       WHERE e."outcome" = 'refused' AND ${condition}`,
      values,
    )
    return rows
  }
  let rounds = 0

  return {
    'refusals at once are one row a minute for each actor, action and code, with their number; none is lost or doubled on its way to the audit log':
      async () => {
        const managers = await make.users([1, 2, 3].map(() => ({ organizationId: acme.id, role: 'manager' as const })))
        await Promise.all(managers.flatMap((manager, i) => [at(i).as(manager).session.me.query()]))
        const calls = managers.flatMap((manager, i) => {
          const client = at(i).as(manager)
          return Array.from({ length: 8 }, (_, k) =>
            k % 2 ? client.user.suspend.mutate({ userId: ada.id }) : client.user.setRole.mutate({ userId: manager.id, role: 'default', expected: 'manager' }),
          )
        })
        // While they are counted, those of minutes that are over are moved.
        const moving = Promise.all([settle(0), settle(1), pass().then(() => settle(0)), settle(1)])
        for (const refusal of await refusalsOf(calls)) expect(refusal?.code).toBe('TARGET_NOT_ALLOWED')
        await moving
        await pass()
        await Promise.all([0, 1, 0, 1].map(settle))
        const rows = await kept(`e."actorId" = ANY($1)`, [managers.map(({ id }) => id)])
        for (const { id } of managers) {
          for (const action of ['user.suspend', 'user.setRole']) {
            const mine = rows.filter((row) => row.subject === id && row.action === action)
            expect(mine.reduce((sum, { count }) => sum + count, 0)).toBe(4)
            expect(new Set(mine.map((row) => row.at)).size).toBe(mine.length)
          }
        }
        expect((await db.pool.query(`SELECT 1 FROM "refusal_count"`)).rowCount).toBe(0)
      },
    'failed sign-ins at once are one row a minute for each address and code': async () => {
      await db.pool.query('DELETE FROM "rate_limit"')
      const network = `192.0.2.${++rounds % 250}`
      const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => browserAt(at(i), network).signIn(`nobody-${rounds}`, 'wrong')))
      await pass()
      await Promise.all([0, 1].map(settle))
      const rows = await kept(`t."address" = $1 AND e."action" = 'session.signIn' AND e."at" > now() - interval '10 minutes'`, [network])
      for (const code of ['INVALID_CREDENTIALS', 'TOO_MANY_ATTEMPTS']) {
        const mine = rows.filter((row) => row.code === code)
        expect(mine.reduce((sum, { count }) => sum + count, 0) % 1_000).toBe(answers.filter(({ refusal }) => refusal?.code === code).length)
        expect(mine.length).toBeLessThanOrEqual(2)
      }
    },
    'many refusals that are moved by two nodes at once are all there, each once': async (round) => {
      await db.pool.query(
        `INSERT INTO "refusal_count" ("minute", "subject", "action", "code", "organizationId", "count")
         SELECT date_trunc('minute', now()) - interval '2 minutes', 'many-' || n, $1, 'NOT_FOUND', $2, n FROM generate_series(1, 1200) n`,
        [`round.${round}`, acme.id],
      )
      const moved = await Promise.all([0, 1, 0, 1, 0, 1, 0, 1].map(settle))
      let rest = 1
      while (rest > 0) rest = await settle(0)
      const { rows } = await db.pool.query<{ count: number }>(`SELECT "count" FROM "audit_event" WHERE "action" = $1 ORDER BY 1`, [`round.${round}`])
      expect(rows.map(({ count }) => count)).toEqual(Array.from({ length: 1200 }, (_, i) => i + 1))
      expect(moved.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0)
    },
  }
}
