import type { Bench } from './bench.ts'
import { compare } from './load.ts'
import { comparedRow, type Row } from './report.ts'

/** Compares session.me with the same named statement in a bare tRPC procedure. Both get the same headers. */
export async function sessionMe({ roster, bare }: Bench): Promise<Row[]> {
  const { headers } = roster
  const comparison = await compare(
    { url: roster.query('session.me'), headers },
    { url: `${bare.address}/trpc/me`, headers },
  )
  return [comparedRow('session.me', 'bare tRPC procedure, same statement', comparison, 0.75)]
}
