import { expect } from 'vitest'
import { prepareBulk } from '../../../test/support/bulk.ts'
import { refusalsOf, type TestInstance } from '../../../test/support/instance.ts'
import type { Races } from '../../../test/support/races.ts'

type User = Awaited<ReturnType<TestInstance['make']['user']>>
type Client = ReturnType<TestInstance['as']>

/** All calls that remove an administrator. A bulk call is previewed first and returns its apply. */
const REMOVALS: readonly ((client: Client, target: User) => Promise<() => Promise<unknown>>)[] = [
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

/** Refusals that an administrator may get after another one was faster. */
const ALLOWED_REFUSALS = new Set([
  'SESSION_ENDED',
  'ROLE_LACKS_ACTION',
  'TARGET_NOT_ALLOWED',
  'NOT_FOUND',
  'UNKNOWN_IDS',
  'PREVIEW_OUTDATED',
  'LAST_ADMINISTRATOR',
])

/** Administrators who remove each other concurrently on two nodes. */
export function lastAdministratorRaces([here, there]: readonly [TestInstance, TestInstance]): Races {
  const { make, db } = here

  /** Creates the instance's only administrators, in two organizations in turn, each with a session. */
  async function onlyAdministrators(count: number): Promise<User[]> {
    await db.pool.query(`UPDATE "user" SET "role" = 'default' WHERE "role" = 'administrator'`)
    const organizations = [await make.organization(), await make.organization()]
    const administrators = await make.users(
      Array.from({ length: count }, (_, i) => ({
        organizationId: organizations[i % 2]?.id ?? '',
        role: 'administrator' as const,
        passwordHash: 'x',
      })),
    )
    await Promise.all(administrators.map((user, i) => at(i).as(user).session.me.query()))
    return administrators
  }
  const at = (i: number): TestInstance => (i % 2 ? there : here)

  /** The administrators who can sign in now, read from the rows. */
  async function activeAdministrators(): Promise<string[]> {
    const { rows } = await db.pool.query<{ id: string }>(
      `SELECT u."id" FROM "user" u, "organization" o WHERE o."id" = u."organizationId" AND o."status" = 'active' AND u."status" = 'active'
       AND u."role" = 'administrator' AND u."passwordHash" IS NOT NULL AND u."username" IS NOT NULL`,
    )
    return rows.map(({ id }) => id)
  }

  /** Runs the given removals concurrently and expects that an administrator is left and can call the API. */
  async function removeEachOther(
    administrators: readonly User[],
    pairs: readonly (readonly [number, number, number])[],
  ): Promise<void> {
    const calls = await Promise.all(
      pairs.map(([from, to, removal]) =>
        (REMOVALS[removal % REMOVALS.length] ?? REMOVALS[0])?.(
          at(from).as(administrators[from] as User),
          administrators[to] as User,
        ),
      ),
    )
    const refusals = await refusalsOf(calls.map((call) => call?.() ?? Promise.resolve()))
    for (const refusal of refusals)
      if (refusal) expect(ALLOWED_REFUSALS, JSON.stringify(refusal)).toContain(refusal.code)
    const left = await activeAdministrators()
    expect(left.length).toBeGreaterThanOrEqual(1)
    const survivor = administrators.findIndex(({ id }) => id === left[0])
    expect(
      await at(survivor)
        .as(administrators[survivor] as User)
        .session.me.query(),
    ).toMatchObject({ user: { role: 'administrator' } })
  }

  return {
    'leaves one of two administrators who remove each other by any two calls': async (round) => {
      const administrators = await onlyAdministrators(2)
      await removeEachOther(administrators, [
        [0, 1, round],
        [1, 0, Math.floor(round / REMOVALS.length)],
      ])
      expect(await activeAdministrators()).toHaveLength(1)
    },
    'leaves one of three administrators who all remove each other': async (round) => {
      const administrators = await onlyAdministrators(3)
      const pairs = [0, 1, 2].flatMap((from) =>
        [0, 1, 2].filter((to) => to !== from).map((to) => [from, to, round + from * 2 + to] as const),
      )
      await removeEachOther(administrators, round % 2 ? pairs : pairs.reverse())
    },
    'leaves one of three administrators who each remove the next': async (round) => {
      const administrators = await onlyAdministrators(3)
      await removeEachOther(administrators, [
        [0, 1, round],
        [1, 2, round],
        [2, 0, round],
      ])
    },
  }
}
