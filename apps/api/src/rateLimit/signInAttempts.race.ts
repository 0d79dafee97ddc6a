import { expect } from 'vitest'
import { browserAt } from '../testing/browser.ts'
import type { TestInstance } from '../testing/instance.ts'
import { fastHash } from '../testing/password.ts'
import type { Races } from '../testing/races.ts'

const RIGHT = 'correct horse battery'

/** Tries to sign in, all at once, at two nodes. */
export async function signInAttemptRaces([here, there]: readonly [TestInstance, TestInstance]): Promise<Races> {
  const { make, db } = here
  const acme = await make.organization()
  const passwordHash = fastHash(RIGHT)
  const users = await make.users(Array.from({ length: 30 }, () => ({ organizationId: acme.id, passwordHash })))
  const at = (i: number, address: string) => browserAt(i % 2 ? here : there, address)
  const nameOf = (i: number): string => users[i % users.length]?.username ?? ''
  const afresh = () => db.pool.query('DELETE FROM "rate_limit"')

  /** How many of so many tries at once were looked at, not refused unseen. */
  async function looked(count: number, attempt: (i: number) => Promise<{ status: number }>): Promise<number> {
    const answers = await Promise.all(Array.from({ length: count }, (_, i) => attempt(i)))
    for (const { status } of answers) expect([401, 429]).toContain(status)
    return answers.filter(({ status }) => status === 401).length
  }

  return {
    'of many tries of one name from one address at once, five are looked at': async () => {
      await afresh()
      const start = performance.now()
      const expected = await looked(40, (i) => at(i, '192.0.2.1').signIn(nameOf(0), 'wrong'))
      // On a machine so slow that the first waits are over meanwhile, those who waited are looked at, too.
      const waitsOver = Math.floor(Math.log2((performance.now() - start) / 1000 + 1))
      expect(expected).toBeGreaterThanOrEqual(5)
      expect(expected).toBeLessThanOrEqual(5 + waitsOver)
    },
    'of many tries from one address at once, a hundred are looked at, whatever their names': async () => {
      await afresh()
      let sum = 0
      for (let wave = 0; wave < 4; wave++) sum += await looked(40, (i) => at(i, '192.0.2.2').signIn(nameOf(i), 'wrong'))
      expect(sum).toBe(100)
    },
    'of many tries from a new address of a name that is tried everywhere, three are looked at': async () => {
      await afresh()
      await Promise.all(Array.from({ length: 25 }, (_, i) => at(i, `198.51.100.${i}`).signIn(nameOf(1), 'wrong')))
      expect(await looked(20, (i) => at(i, '192.0.2.3').signIn(nameOf(1), 'wrong'))).toBe(3)
    },
    'many who sign in with the right password at once from one address all get in, and leave nothing counted': async () => {
      await afresh()
      const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => at(i, '192.0.2.4').signIn(nameOf(i), RIGHT)))
      expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(200))
      expect((await db.pool.query(`SELECT 1 FROM "rate_limit" WHERE "attempts" > 0`)).rowCount).toBe(0)
    },
  }
}
