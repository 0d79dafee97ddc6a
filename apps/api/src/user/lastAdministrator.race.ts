import { expect } from 'vitest'
import { prepareBulk } from '../testing/bulk.ts'
import { refusalsOf, type TestInstance } from '../testing/instance.ts'
import type { Races } from '../testing/races.ts'

type User = Awaited<ReturnType<TestInstance['make']['user']>>
type Client = ReturnType<TestInstance['as']>

/** Every way to take an administrator away; bulk ones are looked at first, and done by what is given back. */
const WAYS: readonly ((client: Client, target: User) => Promise<() => Promise<unknown>>)[] = [
  async (client, { id }) =>
    () =>
      client.user.setRole.mutate({ userId: id, role: 'default', expected: 'administrator' }),
  async (client, { id }) =>
    () =>
      client.user.suspend.mutate({ userId: id }),
  async (client, { id, username }) =>
    () =>
      client.user.delete.mutate({ userId: id, confirmation: username }),
  (client, { id }) => prepareBulk(client, [id], { kind: 'setRole', role: 'manager' }),
  (client, { id }) => prepareBulk(client, [id], { kind: 'suspend' }),
  (client, { id }) => prepareBulk(client, [id], { kind: 'delete' }),
]

/** What somebody may be told who was quicker cut off than they cut off others. */
const TOLD = new Set(['SESSION_ENDED', 'ROLE_LACKS_ACTION', 'TARGET_NOT_ALLOWED', 'NOT_FOUND', 'UNKNOWN_IDS', 'PREVIEW_OUTDATED', 'LAST_ADMINISTRATOR'])

/** Administrators taking each other away, from two nodes. */
export function lastAdministratorRaces([here, there]: readonly [TestInstance, TestInstance]): Races {
  const { make, db } = here

  /** So many administrators, the only ones of the instance; each of every second organization, each with a session. */
  async function onlyAdministrators(count: number): Promise<User[]> {
    await db.pool.query(`UPDATE "user" SET "role" = 'default' WHERE "role" = 'administrator'`)
    const organizations = [await make.organization(), await make.organization()]
    const made = await make.users(
      Array.from({ length: count }, (_, i) => ({ organizationId: organizations[i % 2]?.id ?? '', role: 'administrator' as const, passwordHash: 'x' })),
    )
    await Promise.all(made.map((user, i) => at(i).as(user).session.me.query()))
    return made
  }
  const at = (i: number): TestInstance => (i % 2 ? there : here)

  /** The administrators who could sign in now, asked of the rows themselves. */
  async function whoCanGetIn(): Promise<string[]> {
    const { rows } = await db.pool.query<{ id: string }>(
      `SELECT u."id" FROM "user" u, "organization" o WHERE o."id" = u."organizationId" AND o."status" = 'active' AND u."status" = 'active'
       AND u."role" = 'administrator' AND u."passwordHash" IS NOT NULL AND u."username" IS NOT NULL`,
    )
    return rows.map(({ id }) => id)
  }

  /** Everybody goes for the others at once, in the given pairs; afterwards somebody is left who can administer, and does. */
  async function goForEachOther(administrators: readonly User[], pairs: readonly (readonly [number, number, number])[]): Promise<void> {
    const calls = await Promise.all(
      pairs.map(([from, to, way]) => (WAYS[way % WAYS.length] ?? WAYS[0])?.(at(from).as(administrators[from] as User), administrators[to] as User)),
    )
    const refusals = await refusalsOf(calls.map((call) => call?.() ?? Promise.resolve()))
    for (const refusal of refusals) if (refusal) expect(TOLD, JSON.stringify(refusal)).toContain(refusal.code)
    const left = await whoCanGetIn()
    expect(left.length).toBeGreaterThanOrEqual(1)
    const survivor = administrators.findIndex(({ id }) => id === left[0])
    expect(
      await at(survivor)
        .as(administrators[survivor] as User)
        .session.me.query(),
    ).toMatchObject({ user: { role: 'administrator' } })
  }

  return {
    'of two administrators who take each other away in whatever way, from two nodes, one is left who can get in': async (round) => {
      const administrators = await onlyAdministrators(2)
      await goForEachOther(administrators, [
        [0, 1, round],
        [1, 0, Math.floor(round / WAYS.length)],
      ])
      expect(await whoCanGetIn()).toHaveLength(1)
    },
    'of three administrators who all take each other away, one is left who can get in': async (round) => {
      const administrators = await onlyAdministrators(3)
      const pairs = [0, 1, 2].flatMap((from) => [0, 1, 2].filter((to) => to !== from).map((to) => [from, to, round + from * 2 + to] as const))
      await goForEachOther(administrators, round % 2 ? pairs : pairs.reverse())
    },
    'of three administrators who take away the next one each, one is left who can get in': async (round) => {
      const administrators = await onlyAdministrators(3)
      await goForEachOther(administrators, [
        [0, 1, round],
        [1, 2, round],
        [2, 0, round],
      ])
    },
  }
}
