import { expect } from 'vitest'
import { refusalsOf, type TestInstance } from '../../../test/support/instance.ts'
import type { Races } from '../../../test/support/races.ts'

/** Concurrent claims to one username, on two nodes and in two organizations. */
export async function usernameRaces([here, there]: readonly [TestInstance, TestInstance]): Promise<Races> {
  const { make, db } = here
  const organizations = [await make.organization(), await make.organization()]
  await make.user({ organizationId: organizations[0]?.id ?? '', role: 'administrator', passwordHash: 'x' })
  const managers = await make.users(
    Array.from({ length: 6 }, (_, i) => ({
      organizationId: organizations[i % 2]?.id ?? '',
      role: 'manager' as const,
      passwordHash: 'x',
    })),
  )
  const clients = managers.map((manager, i) => (i % 4 < 2 ? here : there).as(manager))
  const workspaces = await Promise.all(organizations.map(({ id }) => make.workspace({ organizationId: id })))
  let names = 0

  /** The users with a username. Also expects no orphaned rows of failed creations. */
  async function holders(username: string): Promise<string[]> {
    const { rows } = await db.pool.query<{ id: string }>(`SELECT "id" FROM "user" WHERE "username" = $1`, [username])
    const { rows: orphans } = await db.pool.query(
      `SELECT 'member' AS what FROM "member" WHERE "userId" NOT IN (SELECT "id" FROM "user") UNION ALL SELECT 'link' FROM "link" WHERE "userId" NOT IN (SELECT "id" FROM "user")
       UNION ALL SELECT 'event' FROM "audit_event" e WHERE e."action" = 'user.create' AND e."targetId" NOT IN (SELECT "id" FROM "user")`,
    )
    expect(orphans).toEqual([])
    return rows.map(({ id }) => id)
  }

  function expectOneWinner(refusals: Awaited<ReturnType<typeof refusalsOf>>, name: string): void {
    expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1)
    for (const refusal of refusals)
      if (refusal) expect(refusal).toEqual({ code: 'NAME_TAKEN', details: { name, what: 'username' } })
  }

  return {
    'creates one user when many calls create the same username concurrently': async () => {
      const username = `wanted-${++names}`
      const calls = Array.from({ length: 12 }, (_, i) =>
        (clients[i % clients.length] ?? here.anonymous).user.create.mutate({
          username,
          workspaceIds: [workspaces[i % 2]?.id ?? ''],
          credential: i % 3 ? { kind: 'link' } : { kind: 'password', password: 'correct horse battery' },
        }),
      )
      expectOneWinner(await refusalsOf(calls), username)
      expect(await holders(username)).toHaveLength(1)
    },
    'gives a username to one of many concurrent updates and a creation': async () => {
      const username = `edited-${++names}`
      const users = await make.users(
        Array.from({ length: 8 }, (_, i) => ({ organizationId: organizations[i % 2]?.id ?? '' })),
      )
      const edits = users.map(({ id }, i) =>
        (clients[i % clients.length] ?? here.anonymous).user.update.mutate({
          userId: id,
          expectedVersion: 1,
          username,
        }),
      )
      const create = there
        .as(managers[0] as { id: string })
        .user.create.mutate({ username, credential: { kind: 'link' } })
      expectOneWinner(await refusalsOf([...edits, create]), username)
      expect(await holders(username)).toHaveLength(1)
    },
    'gives the username of a user who is being deleted to at most one new user': async () => {
      const username = `freed-${++names}`
      const leaver = await make.user({ organizationId: organizations[0]?.id ?? '', username })
      const remove = clients[0]?.user.delete.mutate({ userId: leaver.id, confirmation: username }) ?? Promise.resolve()
      const creates = Array.from({ length: 5 }, (_, i) =>
        (clients[i] ?? here.anonymous).user.create.mutate({ username, credential: { kind: 'link' } }),
      )
      const [removed, ...created] = await refusalsOf([remove, ...creates])
      expect(removed).toBeNull()
      const successes = created.filter((refusal) => refusal === null).length
      expect(successes).toBeLessThanOrEqual(1)
      expect(await holders(username)).toHaveLength(successes)
    },
    'accepts one of many concurrent updates of one version, and refuses the others with its value': async () => {
      const user = await make.user({ organizationId: organizations[0]?.id ?? '' })
      const localClients = clients.filter((_, i) => i % 2 === 0)
      const calls = Array.from({ length: 9 }, (_, i) =>
        (localClients[i % localClients.length] ?? here.anonymous).user.update.mutate({
          userId: user.id,
          expectedVersion: 1,
          displayName: `Name ${i}`,
        }),
      )
      const refusals = await refusalsOf(calls)
      expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1)
      const winner = refusals.indexOf(null)
      for (const refusal of refusals) {
        if (refusal)
          expect(refusal).toMatchObject({
            code: 'CONFLICT',
            details: { version: 2, fields: [{ field: 'displayName', theirs: `Name ${winner}` }] },
          })
      }
      const { rows } = await db.pool.query(`SELECT "version", "displayName" FROM "user" WHERE "id" = $1`, [user.id])
      expect(rows).toEqual([{ version: 2, displayName: `Name ${winner}` }])
    },
  }
}
