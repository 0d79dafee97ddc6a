import { expect } from 'vitest'
import { refusalsOf, type TestInstance } from '../testing/instance.ts'
import type { Races } from '../testing/races.ts'

const ROWS = 12

/** Runs of one import at once, from two nodes, against each other and against whatever else happens to those who run them. */
export async function importRaces([here, there]: readonly [TestInstance, TestInstance]): Promise<Races> {
  const { make, db } = here
  const acme = await make.organization()
  const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
  const workspace = await make.workspace({ organizationId: acme.id })
  const numbers = Array.from({ length: ROWS }, (_, i) => ({ number: i + 1 }))
  let files = 0

  /** An import of somebody new, of so many people who are all to be made. */
  async function imported() {
    await db.pool.query('DELETE FROM "rate_limit"')
    const mia = await make.user({ organizationId: acme.id, role: 'manager', passwordHash: 'x' })
    const file = ++files
    const names = numbers.map(({ number }) => `race.${file}.${number}`)
    const { importId } = await here.as(mia).import.create.mutate({
      text: ['name,workspace', ...names.map((name) => `${name},${workspace.name}`)].join('\n'),
      fileName: 'people.csv',
      columns: ['username', 'workspaces'],
      credential: 'link',
    })
    return { mia, names, importId }
  }
  async function made(names: readonly string[]): Promise<number> {
    const { rows } = await db.pool.query(
      `SELECT u."id", (SELECT count(*)::int FROM "link" l WHERE l."userId" = u."id") AS "links", (SELECT count(*)::int FROM "member" m WHERE m."userId" = u."id") AS "places",
         (SELECT count(*)::int FROM "audit_event" e WHERE e."targetId" = u."id" AND e."action" = 'user.create') AS "events",
         (SELECT count(*)::int FROM "import_row" r WHERE r."userId" = u."id" AND r."outcome" = 'created') AS "rows" FROM "user" u WHERE u."username" = ANY($1)`,
      [names],
    )
    for (const row of rows) expect(row).toMatchObject({ links: 1, places: 1, events: 1, rows: 1 })
    return rows.length
  }

  return {
    'of runs of one import at once, each row is made by exactly one': async () => {
      const { mia, names, importId } = await imported()
      const runs = [here, there, here, there].map((node, i) => node.as(mia).import.run.mutate({ importId, rows: i % 2 ? numbers : numbers.toReversed() }))
      const created = (await Promise.all(runs)).flatMap(({ rows }) => rows.filter(({ outcome }) => outcome === 'created').map(({ number }) => number))
      expect(created.sort((a, b) => a - b)).toEqual(numbers.map(({ number }) => number))
      expect(await made(names)).toBe(ROWS)
      expect(await here.as(mia).import.get.query({ importId })).toMatchObject({ status: 'done', created: ROWS, waiting: 0 })
    },
    'an importer who is demoted while it runs makes nobody afterwards, and what was told as made is made': async () => {
      const { mia, names, importId } = await imported()
      const client = there.as(mia)
      await client.session.me.query()
      const running = client.import.run.mutate({ importId, rows: numbers }).then(
        ({ rows }) => rows.filter(({ outcome }) => outcome === 'created').length,
        () => 0,
      )
      const demoted = here.as(ada).user.setRole.mutate({ userId: mia.id, role: 'default', expected: 'manager' })
      const after = demoted.then(() => made(names))
      expect(await refusalsOf([demoted])).toEqual([null])
      // What was under way when the role changed came before it, or not at all.
      const told = await running
      expect(await made(names)).toBe(told)
      expect(await after).toBe(told)
    },
    'an import that is thrown away while it runs makes nobody afterwards, and what was told as made is made, and in its results': async () => {
      const { mia, names, importId } = await imported()
      const runs = [here, there].map((node, i) =>
        node
          .as(mia)
          .import.run.mutate({ importId, rows: i ? numbers : numbers.toReversed() })
          .then(
            ({ rows }) => rows.filter(({ outcome }) => outcome === 'created').length,
            // It was thrown away before the call began.
            () => 0,
          ),
      )
      // Before the first row, among them, or after the last.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60))
      const ended = there.as(mia).import.discard.mutate({ importId })
      const after = ended.then(
        () => made(names),
        () => ROWS,
      )
      const refused = (await refusalsOf([ended]))[0]
      const told = (await Promise.all(runs)).reduce((sum, count) => sum + count, 0)
      expect([await made(names), await after]).toEqual([told, told])
      if (refused) return expect([refused.code, told]).toEqual(['IMPORT_FINISHED', ROWS])
      expect(await ended).toEqual({ discarded: ROWS - told, created: told, kept: told > 0 })
      const left = await db.pool.query(
        `SELECT i."status", (SELECT count(*)::int FROM "import_row" r WHERE r."importId" = i."id") AS "rows" FROM "import" i WHERE "id" = $1`,
        [importId],
      )
      expect(left.rows).toEqual(told > 0 ? [{ status: 'done', rows: told }] : [])
    },
    'a name that a row and somebody else want at once goes to one of them': async () => {
      const { mia, names, importId } = await imported()
      const [name = ''] = names
      const [ran, refused] = await Promise.all([
        here.as(mia).import.run.mutate({ importId, rows: [{ number: 1 }] }),
        refusalsOf([there.as(ada).user.create.mutate({ username: name, credential: { kind: 'link' } })]),
      ])
      expect([ran.rows[0]?.outcome, refused[0]?.code]).toEqual(refused[0] ? ['created', 'NAME_TAKEN'] : ['failed', undefined])
      expect((await db.pool.query(`SELECT 1 FROM "user" WHERE "username" = $1`, [name])).rowCount).toBe(1)
    },
  }
}
