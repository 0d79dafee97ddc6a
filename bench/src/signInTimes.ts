import type { Bench } from './bench.ts'
import { median, quantile } from './load.ts'
import type { Row } from './report.ts'

/** So many of each kind stay under what one address may try in 15 minutes: nothing of it is refused unmeasured. */
const TRIES = 33
const KINDS = ['unknown', 'wrong', 'suspended'] as const
type Kind = (typeof KINDS)[number]

/** How long a refused sign-in takes for a name that doesn't exist, for a wrong password, and for a suspended user: every name is tried once, the kinds in turn. */
export async function signInTimes(bench: Bench): Promise<Row[]> {
  const names = await signInNames(bench)
  const times: Record<Kind, number[]> = { unknown: [], wrong: [], suspended: [] }
  for (let n = 0; n < TRIES; n++) {
    // Whoever comes first in a round is another one each time.
    const lockQueue = KINDS.map((_, place) => KINDS[(n + place) % KINDS.length] ?? 'unknown')
    for (const kind of lockQueue) times[kind].push(await refusedSignIn(bench.roster.address, names[kind][n] ?? ''))
  }
  const slowest = Math.max(...KINDS.map((kind) => median(times[kind])))
  const quickest = Math.min(...KINDS.map((kind) => median(times[kind])))
  return [
    ...KINDS.map((kind) => ({
      what: `refused sign-in, ${kind}`,
      measured: `median ${median(times[kind]).toFixed(1)} ms`,
      against: `p10 ${quantile(times[kind], 0.1).toFixed(1)}, p90 ${quantile(times[kind], 0.9).toFixed(1)} ms`,
    })),
    { what: 'refused sign-in, slowest median over quickest', measured: (slowest / quickest).toFixed(2) },
  ]
}

/** Milliseconds of one try with a wrong password. */
async function refusedSignIn(address: string, username: string): Promise<number> {
  const start = performance.now()
  const response = await fetch(`${address}/trpc/session.signIn`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address },
    body: JSON.stringify({ username, password: 'not the right one' }),
  })
  await response.arrayBuffer()
  if (response.status !== 401) throw new Error(`a wrong sign-in was answered ${response.status}`)
  return performance.now() - start
}

/** Names of each kind, nobody twice. Those that exist have a hash that the real call made. */
async function signInNames({ services, roster, seeded }: Bench): Promise<Record<Kind, string[]>> {
  const { pool } = services.db
  const [wrong, suspended] = [seeded.users.slice(1_000, 1_000 + TRIES), seeded.users.slice(2_000, 2_000 + TRIES)]
  const [model = ''] = wrong
  await roster.change('user.setPassword', { userId: model, password: 'the same for everybody here' })
  await pool.query('UPDATE "user" SET "passwordHash" = (SELECT "passwordHash" FROM "user" WHERE "id" = $1) WHERE "id" = ANY($2::uuid[])', [
    model,
    [...wrong, ...suspended],
  ])
  for (const userId of suspended) await roster.change('user.suspend', { userId })
  const named = async (ids: string[]) =>
    (await pool.query<{ username: string }>('SELECT "username" FROM "user" WHERE "id" = ANY($1::uuid[])', [ids])).rows.map((row) => row.username)
  return { unknown: Array.from({ length: TRIES }, (_, n) => `nobody.${n}`), wrong: await named(wrong), suspended: await named(suspended) }
}
