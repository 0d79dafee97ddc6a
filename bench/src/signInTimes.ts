import type { Bench } from './bench.ts'
import { median, quantile } from './load.ts'
import type { Row } from './report.ts'

/** Attempts of each kind. Three kinds stay within the rate limit of one address. */
const ATTEMPTS = 33
const KINDS = ['unknown', 'wrong', 'suspended'] as const
type Kind = (typeof KINDS)[number]

/**
 * Milliseconds of a refused sign-in: unknown username, wrong password, suspended user. Equal times reveal nothing about
 * an account.
 */
export async function signInTimes(bench: Bench): Promise<Row[]> {
  const names = await findUsernames(bench)
  const times: Record<Kind, number[]> = { unknown: [], wrong: [], suspended: [] }
  for (let n = 0; n < ATTEMPTS; n++) {
    // Each round starts with another kind, so that no kind is always first.
    const order = KINDS.map((_, index) => KINDS[(n + index) % KINDS.length] ?? 'unknown')
    for (const kind of order) times[kind].push(await refusedSignIn(bench.roster.address, names[kind][n] ?? ''))
  }
  const slowest = Math.max(...KINDS.map((kind) => median(times[kind])))
  const fastest = Math.min(...KINDS.map((kind) => median(times[kind])))
  return [
    ...KINDS.map((kind) => ({
      what: `refused sign-in, ${kind}`,
      measured: `median ${median(times[kind]).toFixed(1)} ms`,
      against: `p10 ${quantile(times[kind], 0.1).toFixed(1)}, p90 ${quantile(times[kind], 0.9).toFixed(1)} ms`,
    })),
    { what: 'refused sign-in, slowest median over fastest', measured: (slowest / fastest).toFixed(2) },
  ]
}

/** Milliseconds until a sign-in with a wrong password is refused. */
async function refusedSignIn(address: string, username: string): Promise<number> {
  const start = performance.now()
  const response = await fetch(`${address}/trpc/session.signIn`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address },
    body: JSON.stringify({ username, password: 'not the right one' }),
  })
  await response.arrayBuffer()
  if (response.status !== 401) throw new Error(`a wrong password was answered with ${response.status}`)
  return performance.now() - start
}

/** Distinct usernames of each kind. Existing users get a hash that the real call computed. */
async function findUsernames({ services, roster, seeded }: Bench): Promise<Record<Kind, string[]>> {
  const { pool } = services.db
  const [wrong, suspended] = [seeded.users.slice(1_000, 1_000 + ATTEMPTS), seeded.users.slice(2_000, 2_000 + ATTEMPTS)]
  const [withPassword = ''] = wrong
  await roster.mutate('user.setPassword', { userId: withPassword, password: 'the same for all of them' })
  await pool.query(
    'UPDATE "user" SET "passwordHash" = (SELECT "passwordHash" FROM "user" WHERE "id" = $1) WHERE "id" = ANY($2::uuid[])',
    [withPassword, [...wrong, ...suspended]],
  )
  for (const userId of suspended) await roster.mutate('user.suspend', { userId })
  const usernames = async (ids: string[]) =>
    (
      await pool.query<{ username: string }>('SELECT "username" FROM "user" WHERE "id" = ANY($1::uuid[])', [ids])
    ).rows.map((row) => row.username)
  return {
    unknown: Array.from({ length: ATTEMPTS }, (_, n) => `unknown.${n}`),
    wrong: await usernames(wrong),
    suspended: await usernames(suspended),
  }
}
