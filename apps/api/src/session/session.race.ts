import { expect } from 'vitest'
import { refusalsOf, type TestInstance } from '../../test/support/instance.ts'
import { fastHash } from '../../test/support/password.ts'
import type { Races } from '../../test/support/races.ts'

const RIGHT = 'correct horse battery'

/** Concurrent changes to one user’s sessions on two nodes. */
export async function sessionRaces([here, there]: readonly [TestInstance, TestInstance]): Promise<Races> {
  const { make, db } = here
  const acme = await make.organization()
  const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
  const passwordHash = fastHash(RIGHT)
  const nodes = [here, there] as const
  const at = (i: number): TestInstance => nodes[i % 2] ?? here
  const openSessions = async (userId: string): Promise<number> =>
    (await db.pool.query(`SELECT 1 FROM "session" WHERE "userId" = $1 AND "endedAt" IS NULL`, [userId])).rowCount ?? 0
  const createUser = () => make.user({ organizationId: acme.id, passwordHash })

  return {
    'answers reads during a suspension or sign-out, or says why the session ended': async (round) => {
      const john = await createUser()
      await Promise.all([here, there].map((node) => node.as(john).session.me.query()))
      // So long ago that each read records the use.
      await db.pool.query(
        `UPDATE "session" SET "lastSeenAt" = now() - interval '2 minutes', "expiresAt" = now() + interval '1 day' WHERE "userId" = $1`,
        [john.id],
      )
      const reads = Array.from({ length: 10 }, (_, i) => at(i).as(john).session.me.query())
      const cut =
        round % 2
          ? there.as(ada).user.signOut.mutate({ userId: john.id })
          : there.as(ada).user.suspend.mutate({ userId: john.id })
      const [done, ...refusals] = await refusalsOf([cut, ...reads])
      expect(done).toBeNull()
      for (const refusal of refusals) if (refusal) expect(refusal.code).toBe('SESSION_ENDED')
      expect(await openSessions(john.id)).toBe(0)
    },
    'leaves no session when a user is suspended, deleted or given another password during sign-in': async (round) => {
      const john = await createUser()
      await db.pool.query(`DELETE FROM "rate_limit"`)
      const signIns = Array.from({ length: 4 }, (_, i) =>
        at(i).anonymous.session.signIn.mutate({ username: john.username, password: RIGHT }),
      )
      const client = there.as(ada)
      const cuts = [
        () => client.user.suspend.mutate({ userId: john.id }),
        () => client.user.delete.mutate({ userId: john.id, confirmation: john.username }),
        () => client.user.setPassword.mutate({ userId: john.id, password: 'another horse battery' }),
      ]
      const [done, ...refusals] = await refusalsOf([cuts[round % 3]?.() ?? Promise.resolve(), ...signIns])
      expect(done).toBeNull()
      for (const refusal of refusals)
        if (refusal) expect(['INVALID_CREDENTIALS', 'ACCOUNT_SUSPENDED']).toContain(refusal.code)
      expect(await openSessions(john.id)).toBe(0)
    },
    'accepts one of many concurrent password changes of a user, and leaves one session': async () => {
      const john = await createUser()
      const cookies = await Promise.all(Array.from({ length: 4 }, () => make.session(john)))
      const clients = cookies.map((_, i) => at(i).as(john))
      const refusals = await refusalsOf(
        clients.map((client, i) =>
          client.session.changePassword.mutate({ current: RIGHT, password: `new horse battery ${i}` }),
        ),
      )
      expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1)
      for (const refusal of refusals)
        if (refusal) expect(['INVALID_CURRENT_PASSWORD', 'SESSION_ENDED']).toContain(refusal.code)
      expect(await openSessions(john.id)).toBe(1)
    },
    'leaves one session when two sessions end each other concurrently': async () => {
      const john = await createUser()
      await Promise.all(nodes.map((node) => node.as(john).session.me.query()))
      const refusals = await refusalsOf(nodes.map((node) => node.as(john).session.end.mutate({})))
      for (const refusal of refusals)
        if (refusal) expect(refusal).toMatchObject({ code: 'SESSION_ENDED', details: { reason: 'ended-by-self' } })
      expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1)
      expect(await openSessions(john.id)).toBe(1)
    },
    'applies a repeated concurrent call once, and refuses nothing unexpected': async () => {
      const john = await createUser()
      const workspace = await make.workspace({ organizationId: acme.id })
      await make.members(workspace, [john])
      await db.pool.query(`UPDATE "user" SET "passwordSetById" = $2, "passwordSetAt" = now() WHERE "id" = $1`, [
        john.id,
        ada.id,
      ])
      const twice = (call: (client: ReturnType<TestInstance['as']>) => Promise<unknown>) =>
        refusalsOf([0, 1, 2].map((i) => call(at(i).as(john))))
      expect(await twice((client) => client.session.acknowledge.mutate())).toEqual([null, null, null])
      const left = await twice((client) => client.member.leave.mutate({ workspaceId: workspace.id }))
      for (const refusal of left)
        if (refusal) expect(refusal).toEqual({ code: 'NOT_FOUND', details: { what: 'workspace' } })
      expect(left).toContain(null)
      expect(
        await twice((client) => client.profile.update.mutate({ userId: john.id, expectedVersion: 1, theme: 'dark' })),
      ).toEqual([null, null, null])
      const { rows } = await db.pool.query<{ action: string; n: number }>(
        `SELECT "action", count(*)::int AS n FROM "audit_event" WHERE "actorId" = $1 GROUP BY 1 ORDER BY 1`,
        [john.id],
      )
      expect(rows).toEqual(
        ['member.leave', 'profile.update', 'session.acknowledge'].map((action) => ({ action, n: 1 })),
      )
    },
  }
}
