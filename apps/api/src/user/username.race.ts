import { expect } from 'vitest'
import { refusalsOf, type TestInstance } from '../testing/instance.ts'
import type { Races } from '../testing/races.ts'

/** Many who want one name at once, from two nodes and two organizations. */
export async function usernameRaces([here, there]: readonly [TestInstance, TestInstance]): Promise<Races> {
  const { make, db } = here
  const organizations = [await make.organization(), await make.organization()]
  await make.user({ organizationId: organizations[0]?.id ?? '', role: 'administrator', passwordHash: 'x' })
  const managers = await make.users(
    Array.from({ length: 6 }, (_, i) => ({ organizationId: organizations[i % 2]?.id ?? '', role: 'manager' as const, passwordHash: 'x' })),
  )
  const clients = managers.map((manager, i) => (i % 4 < 2 ? here : there).as(manager))
  const workspaces = await Promise.all(organizations.map(({ id }) => make.workspace({ organizationId: id })))
  let names = 0

  /** Whoever has the name, and what is left in the tables of those who made nobody. */
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
    for (const refusal of refusals) if (refusal) expect(refusal).toEqual({ code: 'NAME_TAKEN', details: { name, what: 'username' } })
  }

  return {
    'of many who create one username at once, one does, and the rest are told that it is taken': async () => {
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
    'of many whose username is edited to the same one at once, and one who is created with it, one gets it': async () => {
      const username = `edited-${++names}`
      const users = await make.users(Array.from({ length: 8 }, (_, i) => ({ organizationId: organizations[i % 2]?.id ?? '' })))
      const edits = users.map(({ id }, i) => (clients[i % clients.length] ?? here.anonymous).user.update.mutate({ userId: id, expectedVersion: 1, username }))
      const create = there.as(managers[0] as { id: string }).user.create.mutate({ username, credential: { kind: 'link' } })
      expectOneWinner(await refusalsOf([...edits, create]), username)
      expect(await holders(username)).toHaveLength(1)
    },
    'the name of somebody who is being deleted goes to one of those who want it, or to none, but never to two': async () => {
      const username = `freed-${++names}`
      const leaver = await make.user({ organizationId: organizations[0]?.id ?? '', username })
      const remove = clients[0]?.user.delete.mutate({ userId: leaver.id, confirmation: username }) ?? Promise.resolve()
      const creates = Array.from({ length: 5 }, (_, i) => (clients[i] ?? here.anonymous).user.create.mutate({ username, credential: { kind: 'link' } }))
      const [removed, ...created] = await refusalsOf([remove, ...creates])
      expect(removed).toBeNull()
      const made = created.filter((refusal) => refusal === null).length
      expect(made).toBeLessThanOrEqual(1)
      expect(await holders(username)).toHaveLength(made)
    },
    'of many edits of one version, one is saved, and the rest are told by whom it was overtaken and what it says': async () => {
      const person = await make.user({ organizationId: organizations[0]?.id ?? '' })
      const mine = clients.filter((_, i) => i % 2 === 0)
      const calls = Array.from({ length: 9 }, (_, i) =>
        (mine[i % mine.length] ?? here.anonymous).user.update.mutate({ userId: person.id, expectedVersion: 1, displayName: `Name ${i}` }),
      )
      const refusals = await refusalsOf(calls)
      expect(refusals.filter((refusal) => refusal === null)).toHaveLength(1)
      const winner = refusals.indexOf(null)
      for (const refusal of refusals) {
        if (refusal) expect(refusal).toMatchObject({ code: 'CONFLICT', details: { version: 2, fields: [{ field: 'displayName', theirs: `Name ${winner}` }] } })
      }
      const { rows } = await db.pool.query(`SELECT "version", "displayName" FROM "user" WHERE "id" = $1`, [person.id])
      expect(rows).toEqual([{ version: 2, displayName: `Name ${winner}` }])
    },
  }
}
