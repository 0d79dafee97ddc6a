import type { Bench } from './bench.ts'
import { median } from './quantile.ts'
import { refusalRows } from './refusalRows.ts'
import { MILLISECONDS, type Row, versionRow } from './report.ts'
import { pick, summarize, takeVersionTurns } from './turns.ts'
import type { Version } from './version.ts'

/** Turns of each kind, with turn 0. Four kinds stay within the rate limit of one address. */
const ATTEMPTS = 25
const KINDS = ['unknown', 'wrong', 'suspended', 'right'] as const
type Kind = (typeof KINDS)[number]
type Times = Record<Kind, number>

const PASSWORD = 'the same for all of them'

/**
 * Milliseconds of a sign-in, and of a refused one: unknown username, wrong password, suspended user. Equal times of the
 * refused ones reveal nothing about an account.
 */
export async function signInTimes(bench: Bench): Promise<Row[]> {
  const turns = await takeVersionTurns(
    bench,
    async (version) => {
      const names = await findUsernames(version)
      return (turn) => signInOfEachKind(version, names, turn)
    },
    ATTEMPTS - 1,
  )
  const timesOf = (kind: Kind) => pick(turns, (times) => times[kind])
  return [
    versionRow('session.signIn', summarize(timesOf('right'), median), MILLISECONDS),
    ...refusalRows('refused sign-in', [
      ['unknown username', timesOf('unknown')],
      ['wrong password', timesOf('wrong')],
      ['suspended user', timesOf('suspended')],
    ]),
  ]
}

async function signInOfEachKind(version: Version, names: Record<Kind, string[]>, turn: number): Promise<Times> {
  const times: Times = { unknown: 0, wrong: 0, suspended: 0, right: 0 }
  for (const index of KINDS.keys()) {
    // Each turn starts with another kind, so that no kind is always first.
    const kind = KINDS[(turn + index) % KINDS.length] ?? 'unknown'
    times[kind] = await signIn(version, names[kind][turn] ?? '', kind)
  }
  return times
}

/** Milliseconds of a sign-in. */
async function signIn({ roster }: Version, username: string, kind: Kind): Promise<number> {
  const start = performance.now()
  const password = kind === 'right' ? PASSWORD : 'not the right one'
  const response = await roster.send('session.signIn', { username, password }, { origin: roster.address })
  await response.arrayBuffer()
  if (response.status !== (kind === 'right' ? 200 : 401))
    throw new Error(`a sign-in (${kind}) was answered with ${response.status}`)
  return performance.now() - start
}

/** Distinct usernames of each kind. Existing users get a hash that the real call computed. */
async function findUsernames({ pool, roster, seeded }: Version): Promise<Record<Kind, string[]>> {
  const usersFrom = (first: number): string[] => seeded.users.slice(first, first + ATTEMPTS)
  const [right, wrong, suspended] = [usersFrom(900), usersFrom(1_000), usersFrom(2_000)]
  const [withPassword = ''] = wrong
  await roster.mutate('user.setPassword', { userId: withPassword, password: PASSWORD })
  await pool.query(
    'UPDATE "user" SET "passwordHash" = (SELECT "passwordHash" FROM "user" WHERE "id" = $1) WHERE "id" = ANY($2::uuid[])',
    [withPassword, [...right, ...wrong, ...suspended]],
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
    right: await usernames(right),
  }
}
