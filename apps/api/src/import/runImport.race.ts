import { expect } from 'vitest'
import { refusalsOf, type TestInstance } from '../../test/support/instance.ts'
import type { Races } from '../../test/support/races.ts'

const ROWS = 12

/** Concurrent runs of one import on two nodes, against each other and against changes to the importing user. */
export async function importRaces([here, there]: readonly [TestInstance, TestInstance]): Promise<Races> {
  const { make, db } = here
  const acme = await make.organization()
  const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
  const workspace = await make.workspace({ organizationId: acme.id })
  const numbers = Array.from({ length: ROWS }, (_, i) => ({ number: i + 1 }))
  let files = 0

  /** An import by a new manager, in which every row can be created. */
  async function createImport() {
    await db.pool.query('DELETE FROM "rate_limit"')
    const mia = await make.user({ organizationId: acme.id, role: 'manager', passwordHash: 'x' })
    const file = ++files
    const names = numbers.map(({ number }) => `race.${file}.${number}`)
    const { importId } = await here.as(mia).import.create.mutate({
      text: ['name,workspace', ...names.map((name) => `${name},${workspace.name}`)].join('\n'),
      fileName: 'users.csv',
      columns: ['username', 'workspaces'],
      credential: 'link',
    })
    return { mia, names, importId }
  }
  async function countCreated(names: readonly string[]): Promise<number> {
    const { rows } = await db.pool.query(
      `SELECT u."id", (SELECT count(*)::int FROM "link" l WHERE l."userId" = u."id") AS "links", (SELECT count(*)::int FROM "member" m WHERE m."userId" = u."id") AS "memberships",
         (SELECT count(*)::int FROM "audit_event" e WHERE e."targetId" = u."id" AND e."action" = 'user.create') AS "events",
         (SELECT count(*)::int FROM "import_row" r WHERE r."userId" = u."id" AND r."outcome" = 'created') AS "rows" FROM "user" u WHERE u."username" = ANY($1)`,
      [names],
    )
    for (const row of rows) expect(row).toMatchObject({ links: 1, memberships: 1, events: 1, rows: 1 })
    return rows.length
  }

  return {
    'creates each row’s user once when several runs of one import overlap': async () => {
      const { mia, names, importId } = await createImport()
      const runs = [here, there, here, there].map((node, i) =>
        node.as(mia).import.run.mutate({ importId, rows: i % 2 ? numbers : numbers.toReversed() }),
      )
      const created = (await Promise.all(runs)).flatMap(({ rows }) =>
        rows.filter(({ outcome }) => outcome === 'created').map(({ number }) => number),
      )
      expect(created.sort((a, b) => a - b)).toEqual(numbers.map(({ number }) => number))
      expect(await countCreated(names)).toBe(ROWS)
      expect(await here.as(mia).import.get.query({ importId })).toMatchObject({
        status: 'done',
        created: ROWS,
        waiting: 0,
      })
    },
    'creates no user after the importing user is demoted, and reports exactly the created rows': async () => {
      const { mia, names, importId } = await createImport()
      const client = there.as(mia)
      await client.session.me.query()
      const running = client.import.run.mutate({ importId, rows: numbers }).then(
        ({ rows }) => rows.filter(({ outcome }) => outcome === 'created').length,
        () => 0,
      )
      const demoted = here.as(ada).user.setRole.mutate({ userId: mia.id, role: 'default', expected: 'manager' })
      const after = demoted.then(() => countCreated(names))
      expect(await refusalsOf([demoted])).toEqual([null])
      // A row in progress during the demotion is created before it, or not at all.
      const reported = await running
      expect(await countCreated(names)).toBe(reported)
      expect(await after).toBe(reported)
    },
    'creates no user after the import is discarded, and keeps exactly the reported rows in its results': async () => {
      const { mia, names, importId } = await createImport()
      const runs = [here, there].map((node, i) =>
        node
          .as(mia)
          .import.run.mutate({ importId, rows: i ? numbers : numbers.toReversed() })
          .then(
            ({ rows }) => rows.filter(({ outcome }) => outcome === 'created').length,
            // The import was discarded before the call began.
            () => 0,
          ),
      )
      // The discard falls before the first row, between rows, or after the last.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60))
      const discarded = there.as(mia).import.discard.mutate({ importId })
      const after = discarded.then(
        () => countCreated(names),
        () => ROWS,
      )
      const refused = (await refusalsOf([discarded]))[0]
      const reported = (await Promise.all(runs)).reduce((sum, count) => sum + count, 0)
      expect([await countCreated(names), await after]).toEqual([reported, reported])
      if (refused) return expect([refused.code, reported]).toEqual(['IMPORT_FINISHED', ROWS])
      expect(await discarded).toEqual({ discarded: ROWS - reported, created: reported, kept: reported > 0 })
      const left = await db.pool.query(
        `SELECT i."status", (SELECT count(*)::int FROM "import_row" r WHERE r."importId" = i."id") AS "rows" FROM "import" i WHERE "id" = $1`,
        [importId],
      )
      expect(left.rows).toEqual(reported > 0 ? [{ status: 'done', rows: reported }] : [])
    },
    'gives a username to either a row or a concurrent user.create, never to both': async () => {
      const { mia, names, importId } = await createImport()
      const [name = ''] = names
      const [ran, refused] = await Promise.all([
        here.as(mia).import.run.mutate({ importId, rows: [{ number: 1 }] }),
        refusalsOf([there.as(ada).user.create.mutate({ username: name, credential: { kind: 'link' } })]),
      ])
      expect([ran.rows[0]?.outcome, refused[0]?.code]).toEqual(
        refused[0] ? ['created', 'NAME_TAKEN'] : ['failed', undefined],
      )
      expect((await db.pool.query(`SELECT 1 FROM "user" WHERE "username" = $1`, [name])).rowCount).toBe(1)
    },
  }
}
