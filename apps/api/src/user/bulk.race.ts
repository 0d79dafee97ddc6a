import type { BulkAction, BulkResult } from '@roster/domain'
import { expect } from 'vitest'
import { prepareBulk } from '../testing/bulk.ts'
import { refusalsOf, type TestInstance } from '../testing/instance.ts'
import type { Races } from '../testing/races.ts'

/** Bulk calls beside each other and beside single changes, from two nodes. */
export async function bulkRaces([here, there]: readonly [TestInstance, TestInstance]): Promise<Races> {
  const { make, db } = here
  const acme = await make.organization()
  const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
  const [max, mia] = await make.users([
    { organizationId: acme.id, role: 'manager', passwordHash: 'x' },
    { organizationId: acme.id, role: 'manager', passwordHash: 'x' },
  ])
  if (!max || !mia) throw new Error('no managers were made')
  const newUsers = (count: number) => make.users(Array.from({ length: count }, () => ({ organizationId: acme.id })))
  const look = (user: { id: string }, node: TestInstance, ids: string[], action: BulkAction) => prepareBulk(node.as(user), ids, action)

  async function rowsOf(ids: string[]) {
    const { rows } = await db.pool.query<{ id: string; status: string; role: string; dailyLimit: number | null; events: number; memberships: number }>(
      `SELECT u."id", u."status", u."role", u."dailyLimit", (SELECT count(*)::int FROM "audit_event" e WHERE e."targetId" = u."id" AND e."action" LIKE 'user.%') AS "events",
         (SELECT count(*)::int FROM "member" m WHERE m."userId" = u."id") AS "memberships" FROM "user" u WHERE u."id" = ANY($1) ORDER BY u."id"`,
      [ids],
    )
    return rows
  }
  const changed = (results: readonly BulkResult[], userId: string): number =>
    results.flatMap(({ rows }) => rows).filter((row) => row.userId === userId && row.outcome === 'changed').length

  return {
    'two bulk calls that suspend the same people at once suspend each of them once, and each is told of exactly what it did': async () => {
      const ids = (await newUsers(12)).map(({ id }) => id)
      const applies = [await look(max, here, ids, { kind: 'suspend' }), await look(mia, there, ids, { kind: 'suspend' })]
      // Whoever comes when the other has begun is told that the selection changed, and does nothing.
      const results = (await Promise.all(applies.map((apply) => settled(apply())))).filter((result) => result !== undefined)
      expect(results.length).toBeGreaterThan(0)
      for (const row of await rowsOf(ids)) {
        expect(row).toMatchObject({ status: 'suspended', events: 1 })
        expect(changed(results, row.id)).toBe(1)
      }
      for (const result of results) expect(result.changed + result.nothing + result.refused).toBe(12)
    },
    'single changes beside a bulk call are either before a row’s turn or after it, and nothing is lost or done twice': async () => {
      const users = await newUsers(9)
      const ids = users.map(({ id }) => id)
      const apply = await look(max, here, ids, { kind: 'setLimit', dailyLimit: 10 })
      const singles = users.map(({ id, username }, i) =>
        i % 3 === 0
          ? there.as(mia).user.setLimit.mutate({ userId: id, dailyLimit: 20, expected: null })
          : i % 3 === 1
            ? there.as(ada).user.setRole.mutate({ userId: id, role: 'manager', expected: 'default' })
            : there.as(ada).user.delete.mutate({ userId: id, confirmation: username }),
      )
      const [bulk, refusals] = await Promise.all([settled(apply()), refusalsOf(singles)])
      const rows = await rowsOf(ids)
      users.forEach(({ id }, i) => {
        const row = rows.find((one) => one.id === id)
        const outcome = bulk?.rows.find(({ userId }) => userId === id)
        const single = refusals[i] ?? null
        if (i % 3 === 0) {
          if (single)
            expect(single).toEqual({ code: 'CONFLICT', details: { version: null, at: null, by: null, fields: [{ field: 'dailyLimit', theirs: 10 }] } })
          // Whoever sets a limit that was seen is overwritten by the bulk call, which saw none, or is refused.
          expect(row?.dailyLimit).toBe(bulk ? 10 : 20)
        } else if (i % 3 === 1) {
          expect(single).toBeNull()
          expect(row).toMatchObject({ role: 'manager', dailyLimit: outcome?.outcome === 'changed' ? 10 : null })
          if (outcome?.outcome === 'refused') expect(outcome.refusal).toMatchObject({ code: 'TARGET_NOT_ALLOWED' })
        } else {
          expect(single).toBeNull()
          expect(row).toMatchObject({ status: 'deleted', dailyLimit: null })
          if (outcome?.outcome === 'refused') expect(outcome.refusal).toMatchObject({ code: 'NOT_FOUND' })
        }
        const done = (outcome?.outcome === 'changed' ? 1 : 0) + (single ? 0 : 1)
        expect(row?.events).toBe(done)
      })
    },
    'bulk calls that put people into workspaces and take them out, beside saves of members, end, and what each says adds up': async () => {
      const users = (await newUsers(8)).map(({ id }) => id)
      const workspaces = await Promise.all([1, 2, 3].map(() => make.workspace({ organizationId: acme.id })))
      const workspaceIds = workspaces.map(({ id }) => id)
      const applies = [
        await look(max, here, users, { kind: 'addToWorkspaces', workspaceIds }),
        await look(mia, there, users, { kind: 'addToWorkspaces', workspaceIds: workspaceIds.toReversed() }),
        await look(ada, there, users, { kind: 'removeFromWorkspaces', workspaceIds }),
      ]
      const saves = workspaceIds.map((workspaceId) =>
        here.as(ada).member.update.mutate({ workspaceId, add: users.toReversed().slice(0, 4), remove: users.slice(0, 4) }),
      )
      const [results, saved] = await Promise.all([Promise.all(applies.map((apply) => settled(apply()))), Promise.all(saves)])
      const { rows } = await db.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM "member" WHERE "workspaceId" = ANY($1)`, [workspaceIds])
      const came = results.slice(0, 2).flatMap((result) => workspaceChanges(result)).length + saved.flatMap(({ added }) => added).length
      const went = results.slice(2).flatMap((result) => workspaceChanges(result)).length + saved.flatMap(({ removed }) => removed).length
      expect(came - went).toBe(rows[0]?.n)
    },
  }
}

/** A bulk call's result; undefined where it was refused whole since somebody in it changed between look and call. */
async function settled(call: Promise<BulkResult>): Promise<BulkResult | undefined> {
  const [refusal] = await refusalsOf([call])
  if (!refusal) return call
  expect(['PREVIEW_OUTDATED', 'UNKNOWN_IDS']).toContain(refusal.code)
  return undefined
}

const workspaceChanges = (result: BulkResult | undefined): string[] =>
  (result?.rows ?? []).filter(({ outcome }) => outcome === 'changed').flatMap(({ before }) => before?.workspaceIds ?? [])
