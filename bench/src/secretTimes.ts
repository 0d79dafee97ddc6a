import type { Bench } from './bench.ts'
import { median, quantile } from './load.ts'
import type { Row } from './report.ts'

/** Attempts of each kind. Three kinds stay within the rate limit of one address. */
const ATTEMPTS = 33
const UNKNOWN = 'a'.repeat(43)

/** Invalid secrets by kind, one for each attempt. */
type Secrets = Readonly<Record<string, readonly string[]>>

/**
 * Milliseconds to refuse an invalid one-time link and an invalid invitation, by the reason. Equal times reveal nothing
 * about a secret.
 */
export async function secretTimes(bench: Bench): Promise<Row[]> {
  return [
    ...(await timesOf(bench, 'link', await links(bench), { password: 'not a common password' })),
    ...(await timesOf(bench, 'invitation', await invitations(bench), {
      username: 'new.user',
      password: 'not a common password',
    })),
  ]
}

async function timesOf({ roster }: Bench, what: 'link' | 'invitation', secrets: Secrets, more: object): Promise<Row[]> {
  const kinds = Object.keys(secrets)
  const times = new Map(kinds.map((kind) => [kind, [] as number[]]))
  for (let n = 0; n < ATTEMPTS; n++) {
    // Each round starts with another kind, so that no kind is always first.
    for (const [index] of kinds.entries()) {
      const kind = kinds[(n + index) % kinds.length] ?? ''
      times
        .get(kind)
        ?.push(await refuse(roster.address, `${what}.accept`, { token: secrets[kind]?.[n] ?? UNKNOWN, ...more }))
    }
  }
  const medians = [...times.values()].map(median)
  return [
    ...[...times].map(([kind, durations]) => ({
      what: `refused ${what}, ${kind}`,
      measured: `median ${median(durations).toFixed(1)} ms`,
      against: `p10 ${quantile(durations, 0.1).toFixed(1)}, p90 ${quantile(durations, 0.9).toFixed(1)} ms`,
    })),
    {
      what: `refused ${what}, slowest median over fastest`,
      measured: (Math.max(...medians) / Math.min(...medians)).toFixed(2),
    },
  ]
}

/** Milliseconds until an invalid secret is refused. */
async function refuse(address: string, procedure: string, input: object): Promise<number> {
  const start = performance.now()
  const response = await fetch(`${address}/trpc/${procedure}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address },
    body: JSON.stringify(input),
  })
  await response.arrayBuffer()
  if (response.status !== 404) throw new Error(`${procedure} answered an invalid secret with ${response.status}`)
  return performance.now() - start
}

const tokenOf = (path: string): string => path.split('#')[1] ?? ''

/** Links that a newer one replaced, and links of suspended users. */
async function links({ roster, seeded }: Bench): Promise<Secrets> {
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
  return { unknown: [], replaced, 'suspended user': suspended }
}

/** Revoked and expired invitations. */
async function invitations({ roster, services }: Bench): Promise<Secrets> {
  const create = () => roster.mutate<{ id: string; path: string }>('invitation.create', { role: 'default' })
  const revoked: string[] = []
  const expired: string[] = []
  for (let n = 0; n < ATTEMPTS; n++) {
    const [toRevoke, toExpire] = [await create(), await create()]
    await roster.mutate('invitation.revoke', { invitationId: toRevoke.id })
    await services.db.pool.query(`UPDATE "invitation" SET "expiresAt" = now() WHERE "id" = $1`, [toExpire.id])
    revoked.push(tokenOf(toRevoke.path))
    expired.push(tokenOf(toExpire.path))
  }
  return { unknown: [], revoked, expired }
}
