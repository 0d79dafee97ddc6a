import { expect } from 'vitest'
import { refusalsOf, type TestInstance } from '../../test/support/instance.ts'
import type { Races } from '../../test/support/races.ts'

const INVALID = { code: 'INVALID_LINK', details: {} }

/** Concurrent uses of one link on two nodes. */
export async function acceptLinkRaces([here, there]: readonly [TestInstance, TestInstance]): Promise<Races> {
  const { make, db } = here
  const acme = await make.organization()
  const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
  const nodes = [here, there] as const

  async function newLink() {
    // Failures of the previous round would be rate-limited in this one.
    await db.pool.query(`DELETE FROM "rate_limit"`)
    const user = await make.user({ organizationId: acme.id })
    const { path } = await here.as(ada).user.createLink.mutate({ userId: user.id })
    return { user, token: path.split('#')[1] ?? '' }
  }
  const password = (i: number): string => `correct horse battery ${i}`
  const accept = (token: string, i: number): Promise<unknown> =>
    (nodes[i % 2] ?? here).anonymous.link.accept.mutate({ token, password: password(i) })
  const sessionsOf = async (userId: string): Promise<number> =>
    (await db.pool.query(`SELECT 1 FROM "session" WHERE "userId" = $1 AND "endedAt" IS NULL`, [userId])).rowCount ?? 0

  return {
    'lets one of many concurrent requests set the password and sign in by a link': async () => {
      const { user, token } = await newLink()
      const refusals = await refusalsOf(Array.from({ length: 4 }, (_, i) => accept(token, i)))
      expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1)
      for (const refusal of refusals) if (refusal) expect(refusal).toEqual(INVALID)
      expect(await sessionsOf(user.id)).toBe(1)
      expect(
        await nodes[0].anonymous.session.signIn.mutate({
          username: user.username,
          password: password(refusals.indexOf(null)),
        }),
      ).toMatchObject({
        user: { id: user.id },
      })
    },
    'leaves no session when the owner is suspended, deleted or given another password during an acceptance': async (
      round,
    ) => {
      const { user, token } = await newLink()
      const client = there.as(ada)
      const cut = [
        () => client.user.suspend.mutate({ userId: user.id }),
        () => client.user.delete.mutate({ userId: user.id, confirmation: user.username }),
        () => client.user.setPassword.mutate({ userId: user.id, password: 'another horse battery' }),
        () => client.user.createLink.mutate({ userId: user.id }),
      ][round % 4]
      const [accepted, done] = await refusalsOf([accept(token, 0), cut?.() ?? Promise.resolve()])
      expect(done).toBeNull()
      if (accepted) expect(accepted).toEqual(INVALID)
      // A new link does not end a session that the old one opened.
      if (round % 4 < 3) expect(await sessionsOf(user.id)).toBe(0)
      else expect(await sessionsOf(user.id)).toBe(accepted === null ? 1 : 0)
      expect((await refusalsOf([accept(token, 1)]))[0]).toEqual(INVALID)
    },
  }
}
