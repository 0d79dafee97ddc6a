import { expect } from 'vitest'
import { refusalsOf, type TestInstance } from '../../test/support/instance.ts'
import type { Races } from '../../test/support/races.ts'
import { newSetupCode } from './setupCode.ts'

/** Concurrent setups with the right code on two nodes. */
export function runSetupRaces([here, there]: readonly [TestInstance, TestInstance]): Races {
  const { db } = here

  async function resetSetup(): Promise<string> {
    for (const table of ['rate_limit', 'session', 'device_cookie', 'user', 'organization'])
      await db.pool.query(`DELETE FROM "${table}"`)
    await db.pool.query(`UPDATE "instance" SET "setUpAt" = NULL`)
    const code = await newSetupCode(db)
    if (code === null) throw new Error('the instance is already set up')
    return code
  }

  return {
    'creates one administrator and one organization in 20 concurrent setups': async () => {
      const code = await resetSetup()
      const calls = Array.from({ length: 20 }, (_, i) =>
        (i % 2 ? here : there).anonymous.setup.run.mutate({
          code,
          organizationName: `Acme ${i}`,
          username: `ada-${i}`,
          password: 'correct horse battery',
        }),
      )
      const refusals = await refusalsOf(calls)
      expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1)
      for (const refusal of refusals) if (refusal) expect(refusal).toEqual({ code: 'ALREADY_SET_UP', details: {} })
      const winner = refusals.indexOf(null)
      const { rows } = await db.pool.query(
        `SELECT u."username", u."role", u."status", o."name", (SELECT count(*)::int FROM "organization") AS "organizations", (SELECT count(*)::int FROM "session") AS "sessions",
           (SELECT "setupCodeHash" IS NULL FROM "instance") AS "codeConsumed" FROM "user" u JOIN "organization" o ON o."id" = u."organizationId"`,
      )
      const administrator = {
        username: `ada-${winner}`,
        role: 'administrator',
        status: 'active',
        name: `Acme ${winner}`,
      }
      expect(rows).toEqual([{ ...administrator, organizations: 1, sessions: 1, codeConsumed: true }])
    },
    'accepts only the later setup code when two nodes start concurrently': async () => {
      await resetSetup()
      const codes = await Promise.all([newSetupCode(here.db), newSetupCode(there.db)])
      const refusals = await refusalsOf(
        codes.map((code, i) =>
          here.anonymous.setup.run.mutate({
            code: code ?? '',
            organizationName: 'Acme',
            username: `ada-${i}`,
            password: 'correct horse battery',
          }),
        ),
      )
      expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1)
      expect(await newSetupCode(there.db)).toBeNull()
    },
  }
}
