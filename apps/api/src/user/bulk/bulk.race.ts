import type { BulkAction, BulkResult } from '@roster/domain'
import { expect } from 'vitest'
import { prepareBulk } from '../../../test/support/bulk.ts'
import { refusalsOf, type TestInstance } from '../../../test/support/instance.ts'
import type { Races } from '../../../test/support/races.ts'

/** Bulk calls concurrent with each other and with single changes on two nodes. */
export async function bulkRaces([here, there]: readonly [TestInstance, TestInstance]): Promise<Races> {
  const { make, db } = here
  const acme = await make.organization()
  const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
  const [max, mia] = await make.users([
    { organizationId: acme.id, role: 'manager', passwordHash: 'x' },
    { organizationId: acme.id, role: 'manager', passwordHash: 'x' },
  ])
  if (!max || !mia) throw new Error('no managers were created')
  const newUsers = (count: number) => make.users(Array.from({ length: count }, () => ({ organizationId: acme.id })))
  const preview = (user: { id: string }, node: TestInstance, ids: string[], action: BulkAction) =>
    prepareBulk(node.as(user), ids, action)

  async function rowsOf(ids: string[]) {
    const { rows } = await db.pool.query<{
      id: string
      status: string
      role: string
      dailyLimit: number | null
      events: number
      memberships: number
    }>(
      `SELECT u."id", u."status", u."role", u."dailyLimit", (SELECT count(*)::int FROM "audit_event" e WHERE e."targetId" = u."id" AND e."action" LIKE 'user.%') AS "events",
         (SELECT count(*)::int FROM "member" m WHERE m."userId" = u."id") AS "memberships" FROM "user" u WHERE u."id" = ANY($1) ORDER BY u."id"`,
      [ids],
    )
    return rows
  }
  const changed = (results: readonly BulkResult[], userId: string): number =>
    results.flatMap(({ rows }) => rows).filter((row) => row.userId === userId && row.outcome === 'changed').length

  return {
    'suspends each user once in two concurrent bulk calls, and reports exactly what each call did': async () => {
      const ids = (await newUsers(12)).map(({ id }) => id)
      const applies = [
        await preview(max, here, ids, { kind: 'suspend' }),
        await preview(mia, there, ids, { kind: 'suspend' }),
      ]
      // A call that starts after the other has begun is refused as outdated and changes nothing.
      const results = (await Promise.all(applies.map((apply) => settled(apply())))).filter(
        (result) => result !== undefined,
      )
      expect(results.length).toBeGreaterThan(0)
      for (const row of await rowsOf(ids)) {
        expect(row).toMatchObject({ status: 'suspended', events: 1 })
        expect(changed(results, row.id)).toBe(1)
      }
      for (const result of results) expect(result.changed + result.nothing + result.refused).toBe(12)
    },
    'applies concurrent single changes before or after a bulk row, and loses or repeats none': async () => {
      const users = await newUsers(9)
      const ids = users.map(({ id }) => id)
      const apply = await preview(max, here, ids, { kind: 'setLimit', dailyLimit: 10 })
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
        const row = rows.find((found) => found.id === id)
        const outcome = bulk?.rows.find(({ userId }) => userId === id)
        const single = refusals[i] ?? null
        if (i % 3 === 0) {
          if (single)
            expect(single).toEqual({
              code: 'CONFLICT',
              details: { version: null, at: null, by: null, fields: [{ field: 'dailyLimit', theirs: 10 }] },
            })
          // The bulk call expects no value, so it overwrites the single change, which is otherwise refused.
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
        const changes = (outcome?.outcome === 'changed' ? 1 : 0) + (single ? 0 : 1)
        expect(row?.events).toBe(changes)
      })
    },
    'completes overlapping bulk membership changes and member updates without a deadlock, and reports what adds up':
      async () => {
        const users = (await newUsers(8)).map(({ id }) => id)
        const workspaces = await Promise.all([1, 2, 3].map(() => make.workspace({ organizationId: acme.id })))
        const workspaceIds = workspaces.map(({ id }) => id)
        const applies = [
          await preview(max, here, users, { kind: 'addToWorkspaces', workspaceIds }),
          await preview(mia, there, users, { kind: 'addToWorkspaces', workspaceIds: workspaceIds.toReversed() }),
          await preview(ada, there, users, { kind: 'removeFromWorkspaces', workspaceIds }),
        ]
        const saves = workspaceIds.map((workspaceId) =>
          here
            .as(ada)
            .member.update.mutate({ workspaceId, add: users.toReversed().slice(0, 4), remove: users.slice(0, 4) }),
        )
        const [results, saved] = await Promise.all([
          Promise.all(applies.map((apply) => settled(apply()))),
          Promise.all(saves),
        ])
        const { rows } = await db.pool.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM "member" WHERE "workspaceId" = ANY($1)`,
          [workspaceIds],
        )
        const added =
          results.slice(0, 2).flatMap((result) => workspaceChanges(result)).length +
          saved.flatMap((save) => save.added).length
        const removed =
          results.slice(2).flatMap((result) => workspaceChanges(result)).length +
          saved.flatMap((save) => save.removed).length
        expect(added - removed).toBe(rows[0]?.n)
      },
  }
}

/** A bulk call's result; undefined when it was refused because a row changed since the preview. */
async function settled(call: Promise<BulkResult>): Promise<BulkResult | undefined> {
  const [refusal] = await refusalsOf([call])
  if (!refusal) return call
  expect(['PREVIEW_OUTDATED', 'UNKNOWN_IDS']).toContain(refusal.code)
  return undefined
}

const workspaceChanges = (result: BulkResult | undefined): string[] =>
  (result?.rows ?? [])
    .filter(({ outcome }) => outcome === 'changed')
    .flatMap(({ before }) => before?.workspaceIds ?? [])
