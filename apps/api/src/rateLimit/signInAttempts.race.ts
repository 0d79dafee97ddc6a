import { expect } from 'vitest'
import { browserAt } from '../../test/support/browser.ts'
import type { TestInstance } from '../../test/support/instance.ts'
import { fastHash } from '../../test/support/password.ts'
import type { Races } from '../../test/support/races.ts'

const RIGHT = 'correct horse battery'

/** Concurrent sign-in attempts on two nodes. */
export async function signInAttemptRaces([here, there]: readonly [TestInstance, TestInstance]): Promise<Races> {
  const { make, db } = here
  const acme = await make.organization()
  const passwordHash = fastHash(RIGHT)
  const users = await make.users(Array.from({ length: 30 }, () => ({ organizationId: acme.id, passwordHash })))
  const at = (i: number, address: string) => browserAt(i % 2 ? here : there, address)
  const nameOf = (i: number): string => users[i % users.length]?.username ?? ''
  const resetRateLimits = () => db.pool.query('DELETE FROM "rate_limit"')

  /** Counts how many of `count` concurrent attempts were verified rather than rate-limited. */
  async function countVerified(count: number, attempt: (i: number) => Promise<{ status: number }>): Promise<number> {
    const answers = await Promise.all(Array.from({ length: count }, (_, i) => attempt(i)))
    for (const { status } of answers) expect([401, 429]).toContain(status)
    return answers.filter(({ status }) => status === 401).length
  }

  return {
    'verifies five of many concurrent attempts at one name from one address': async () => {
      await resetRateLimits()
      const start = performance.now()
      const verified = await countVerified(40, (i) => at(i, '192.0.2.1').signIn(nameOf(0), 'wrong'))
      // On a slow machine the first waits end during the test, which allows further attempts.
      const waitsOver = Math.floor(Math.log2((performance.now() - start) / 1000 + 1))
      expect(verified).toBeGreaterThanOrEqual(5)
      expect(verified).toBeLessThanOrEqual(5 + waitsOver)
    },
    'verifies a hundred of many concurrent attempts from one address, over all names': async () => {
      await resetRateLimits()
      let sum = 0
      for (let wave = 0; wave < 4; wave++)
        sum += await countVerified(40, (i) => at(i, '192.0.2.2').signIn(nameOf(i), 'wrong'))
      expect(sum).toBe(100)
    },
    'verifies three concurrent attempts from a new address at a name under attack': async () => {
      await resetRateLimits()
      await Promise.all(Array.from({ length: 25 }, (_, i) => at(i, `198.51.100.${i}`).signIn(nameOf(1), 'wrong')))
      expect(await countVerified(20, (i) => at(i, '192.0.2.3').signIn(nameOf(1), 'wrong'))).toBe(3)
    },
    'accepts many concurrent sign-ins with the right password from one address, and leaves no attempt counted':
      async () => {
        await resetRateLimits()
        const answers = await Promise.all(
          Array.from({ length: 30 }, (_, i) => at(i, '192.0.2.4').signIn(nameOf(i), RIGHT)),
        )
        expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(200))
        expect((await db.pool.query(`SELECT 1 FROM "rate_limit" WHERE "attempts" > 0`)).rowCount).toBe(0)
      },
  }
}
