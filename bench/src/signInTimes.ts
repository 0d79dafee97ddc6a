import type { Services } from '@roster/api/server'
import type { RosterCaller } from './client.ts'
import { median, quantile } from './load.ts'
import type { Row } from './report.ts'
import type { Seeded } from './seed.ts'

const TRIES = 40

/** How long a refused sign-in takes for a name that doesn't exist, a wrong password, and a suspended user: in turn, so that drift hits all alike. */
export async function signInTimes(services: Services, roster: RosterCaller, { people }: Seeded): Promise<Row[]> {
  const { pool } = services.db
  const names = async (ids: string[]) =>
    (await pool.query<{ username: string }>('SELECT "username" FROM "user" WHERE "id" = ANY($1::uuid[])', [ids])).rows.map((row) => row.username)
  const known = await names(people.slice(1000, 1000 + TRIES))
  const suspended = await names(people.slice(2000, 2000 + TRIES))
  // A real hash, made by the real call, for all of them.
  await roster.change('user.setPassword', { userId: people[1000], password: 'the same for everybody here' })
  await pool.query('UPDATE "user" SET "passwordHash" = (SELECT "passwordHash" FROM "user" WHERE "id" = $1) WHERE "username" = ANY($2)', [
    people[1000],
    [...known, ...suspended],
  ])
  await pool.query(`UPDATE "user" SET "status" = 'suspended' WHERE "username" = ANY($1)`, [suspended])
  const times = { unknown: [] as number[], wrong: [] as number[], suspended: [] as number[] }
  for (let n = 0; n < TRIES; n++) {
    // The address is the same, so its window is emptied: it is the work that is measured, not the waiting.
    await pool.query('DELETE FROM "throttle"')
    for (const [kind, username] of [
      ['unknown', `nobody.${n}`],
      ['wrong', known[n]],
      ['suspended', suspended[n]],
    ] as const) {
      const start = performance.now()
      const response = await fetch(`${roster.address}/trpc/session.signIn`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: roster.address },
        body: JSON.stringify({ username, password: 'not the right one' }),
      })
      await response.arrayBuffer()
      times[kind].push(performance.now() - start)
      if (response.status !== 401) throw new Error(`a wrong sign-in was answered ${response.status}`)
    }
  }
  return (['unknown', 'wrong', 'suspended'] as const).map((kind) => ({
    what: `refused sign-in, ${kind}`,
    measured: `median ${median(times[kind]).toFixed(1)} ms`,
    against: `p10 ${quantile(times[kind], 0.1).toFixed(1)}, p90 ${quantile(times[kind], 0.9).toFixed(1)} ms`,
  }))
}
