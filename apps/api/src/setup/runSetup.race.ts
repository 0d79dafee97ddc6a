import { expect } from 'vitest'
import { refusalsOf, type TestInstance } from '../testing/instance.ts'
import type { Races } from '../testing/races.ts'
import { newSetupCode } from './setupCode.ts'

/** Setup, by everybody who has the code, from two nodes at once. */
export function runSetupRaces([here, there]: readonly [TestInstance, TestInstance]): Races {
  const { db } = here

  async function asBeforeSetup(): Promise<string> {
    for (const table of ['rate_limit', 'session', 'device_cookie', 'user', 'organization']) await db.pool.query(`DELETE FROM "${table}"`)
    await db.pool.query(`UPDATE "instance" SET "setUpAt" = NULL`)
    const code = await newSetupCode(db)
    if (code === null) throw new Error('it is set up')
    return code
  }

  return {
    'setup run 20 times at once makes one administrator and one organization': async () => {
      const code = await asBeforeSetup()
      const calls = Array.from({ length: 20 }, (_, i) =>
        (i % 2 ? here : there).anonymous.setup.run.mutate({ code, organizationName: `Acme ${i}`, username: `ada-${i}`, password: 'correct horse battery' }),
      )
      const refusals = await refusalsOf(calls)
      expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1)
      for (const refusal of refusals) if (refusal) expect(refusal).toEqual({ code: 'ALREADY_SET_UP', details: {} })
      const winner = refusals.indexOf(null)
      const { rows } = await db.pool.query(
        `SELECT u."username", u."role", u."status", o."name", (SELECT count(*)::int FROM "organization") AS "organizations", (SELECT count(*)::int FROM "session") AS "sessions",
           (SELECT "setupCodeHash" IS NULL FROM "instance") AS "codeGone" FROM "user" u JOIN "organization" o ON o."id" = u."organizationId"`,
      )
      const made = { username: `ada-${winner}`, role: 'administrator', status: 'active', name: `Acme ${winner}` }
      expect(rows).toEqual([{ ...made, organizations: 1, sessions: 1, codeGone: true }])
    },
    'of two nodes that start at once, each with a code of its own, the later one’s is the one that counts': async () => {
      await asBeforeSetup()
      const codes = await Promise.all([newSetupCode(here.db), newSetupCode(there.db)])
      const refusals = await refusalsOf(
        codes.map((code, i) =>
          here.anonymous.setup.run.mutate({ code: code ?? '', organizationName: 'Acme', username: `ada-${i}`, password: 'correct horse battery' }),
        ),
      )
      expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1)
      expect(await newSetupCode(there.db)).toBeNull()
    },
  }
}
