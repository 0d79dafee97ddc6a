import type { Bench } from './bench.ts'
import type { Procedure } from './names.ts'
import { refusalRows } from './refusalRows.ts'
import type { Row } from './report.ts'
import { pick, takeVersionTurns } from './turns.ts'
import type { Version } from './version.ts'

/** Turns of each kind, with turn 0. Three kinds stay within the rate limit of one address. */
const ATTEMPTS = 33
const UNKNOWN = 'a'.repeat(43)
const PASSWORD = 'not a common password'

/** Invalid secrets by the reason, one for each turn. */
type Secrets = readonly (readonly [reason: string, tokens: readonly string[]])[]

/**
 * Milliseconds to refuse an invalid one-time link and an invalid invitation, by the reason. Equal times reveal nothing
 * about a secret.
 */
export async function secretTimes(bench: Bench): Promise<Row[]> {
  return [
    ...(await timesOf(bench, 'link', links, { password: PASSWORD })),
    ...(await timesOf(bench, 'invitation', invitations, { username: 'new.user', password: PASSWORD })),
  ]
}

async function timesOf(
  bench: Bench,
  what: 'link' | 'invitation',
  create: (version: Version) => Promise<Secrets>,
  more: object,
): Promise<Row[]> {
  const turns = await takeVersionTurns(
    bench,
    async (version) => {
      const secrets = await create(version)
      return (turn) => refuseEach(version, `${what}.accept`, secrets, more, turn)
    },
    ATTEMPTS - 1,
  )
  const [first = new Map<string, number>()] = turns.a
  return refusalRows(
    `refused ${what}`,
    [...first.keys()]
      .sort(unknownFirst)
      .map((reason) => [reason, pick(turns, (times) => times.get(reason) ?? Number.NaN)]),
  )
}

function unknownFirst(a: string, b: string): number {
  return Number(b === 'unknown') - Number(a === 'unknown')
}

/** Milliseconds of each reason. Each turn starts with another reason, so that none is always first. */
async function refuseEach(
  version: Version,
  procedure: Procedure,
  secrets: Secrets,
  more: object,
  turn: number,
): Promise<Map<string, number>> {
  const times = new Map<string, number>()
  for (const index of secrets.keys()) {
    const [reason, tokens] = secrets[(turn + index) % secrets.length] ?? ['', []]
    times.set(reason, await refuse(version, procedure, { token: tokens[turn] ?? UNKNOWN, ...more }))
  }
  return times
}

/** Milliseconds until an invalid secret is refused. */
async function refuse({ roster }: Version, procedure: Procedure, input: object): Promise<number> {
  const start = performance.now()
  const response = await roster.send(procedure, input, { origin: roster.address })
  await response.arrayBuffer()
  if (response.status !== 404) throw new Error(`${procedure} answered an invalid secret with ${response.status}`)
  return performance.now() - start
}

const tokenOf = (path: string): string => path.split('#')[1] ?? ''

/** Links that a newer one replaced, and links of suspended users. */
async function links({ roster, seeded }: Version): Promise<Secrets> {
  const create = async (userId: string) =>
    tokenOf((await roster.mutate<{ path: string }>('user.createLink', { userId })).path)
  const replaced: string[] = []
  for (const userId of seeded.users.slice(3_000, 3_000 + ATTEMPTS)) {
    replaced.push(await create(userId))
    await create(userId)
  }
  const suspended: string[] = []
  for (const userId of seeded.users.slice(3_100, 3_100 + ATTEMPTS)) {
    suspended.push(await create(userId))
    await roster.mutate('user.suspend', { userId })
  }
  return [
    ['unknown', []],
    ['replaced', replaced],
    ['suspended user', suspended],
  ]
}

/** Revoked and expired invitations. */
async function invitations({ roster, pool }: Version): Promise<Secrets> {
  const create = () => roster.mutate<{ id: string; path: string }>('invitation.create', { role: 'default' })
  const revoked: string[] = []
  const expired: string[] = []
  for (let n = 0; n < ATTEMPTS; n++) {
    const [toRevoke, toExpire] = [await create(), await create()]
    await roster.mutate('invitation.revoke', { invitationId: toRevoke.id })
    await pool.query(`UPDATE "invitation" SET "expiresAt" = now() WHERE "id" = $1`, [toExpire.id])
    revoked.push(tokenOf(toRevoke.path))
    expired.push(tokenOf(toExpire.path))
  }
  return [
    ['unknown', []],
    ['revoked', revoked],
    ['expired', expired],
  ]
}
