import type { Bench } from './bench.ts'
import { median, quantile } from './load.ts'
import type { Row } from './report.ts'

/** As many of each kind as one address may try in 15 minutes, over three kinds. */
const TRIES = 33
const UNKNOWN = 'a'.repeat(43)

/** Secrets that let nobody in, by why: one for each try. */
type Secrets = Readonly<Record<string, readonly string[]>>

/** How long it takes to refuse a one-time link and an invitation: ones that never were, and ones that are dead for other reasons, in turn. */
export async function secretTimes(bench: Bench): Promise<Row[]> {
  return [
    ...(await timesOf(bench, 'link', await links(bench), { password: 'not the commonest one' })),
    ...(await timesOf(bench, 'invitation', await invitations(bench), { username: 'somebody.new', password: 'not the commonest one' })),
  ]
}

async function timesOf({ roster }: Bench, what: 'link' | 'invitation', secrets: Secrets, more: object): Promise<Row[]> {
  const kinds = Object.keys(secrets)
  const times = new Map(kinds.map((kind) => [kind, [] as number[]]))
  for (let n = 0; n < TRIES; n++) {
    // Whoever comes first in a round is another one each time.
    for (const [place] of kinds.entries()) {
      const kind = kinds[(n + place) % kinds.length] ?? ''
      times.get(kind)?.push(await refused(roster.address, `${what}.accept`, { token: secrets[kind]?.[n] ?? UNKNOWN, ...more }))
    }
  }
  const medians = [...times.values()].map(median)
  return [
    ...[...times].map(([kind, of]) => ({
      what: `refused ${what}, ${kind}`,
      measured: `median ${median(of).toFixed(1)} ms`,
      against: `p10 ${quantile(of, 0.1).toFixed(1)}, p90 ${quantile(of, 0.9).toFixed(1)} ms`,
    })),
    { what: `refused ${what}, slowest median over quickest`, measured: (Math.max(...medians) / Math.min(...medians)).toFixed(2) },
  ]
}

/** Milliseconds of one try. */
async function refused(address: string, procedure: string, input: object): Promise<number> {
  const start = performance.now()
  const response = await fetch(`${address}/trpc/${procedure}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address },
    body: JSON.stringify(input),
  })
  await response.arrayBuffer()
  if (response.status !== 404) throw new Error(`a dead ${procedure} was answered ${response.status}`)
  return performance.now() - start
}

const tokenOf = (path: string): string => path.split('#')[1] ?? ''

/** Links that were replaced by another one, and links of the suspended. */
async function links({ roster, seeded }: Bench): Promise<Secrets> {
  const make = async (userId: string) => tokenOf((await roster.change<{ path: string }>('user.createLink', { userId })).path)
  const replaced: string[] = []
  for (const userId of seeded.users.slice(3_000, 3_000 + TRIES)) {
    replaced.push(await make(userId))
    await make(userId)
  }
  const suspended: string[] = []
  for (const userId of seeded.users.slice(3_100, 3_100 + TRIES)) {
    suspended.push(await make(userId))
    await roster.change('user.suspend', { userId })
  }
  return { unknown: [], replaced, 'of somebody suspended': suspended }
}

/** Invitations that were taken back, and ones that are over by themselves. */
async function invitations({ roster, services }: Bench): Promise<Secrets> {
  const make = () => roster.change<{ id: string; path: string }>('invitation.create', { role: 'default' })
  const revoked: string[] = []
  const expired: string[] = []
  for (let n = 0; n < TRIES; n++) {
    const [taken, over] = [await make(), await make()]
    await roster.change('invitation.revoke', { invitationId: taken.id })
    await services.db.pool.query(`UPDATE "invitation" SET "expiresAt" = now() WHERE "id" = $1`, [over.id])
    revoked.push(tokenOf(taken.path))
    expired.push(tokenOf(over.path))
  }
  return { unknown: [], revoked, expired }
}
