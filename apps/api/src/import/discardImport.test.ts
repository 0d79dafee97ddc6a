import { expect, test } from 'vitest'
import { importing, names, numbered } from '../testing/importing.ts'
import { refusalOf, refusalsOf, testInstance } from '../testing/instance.ts'

const instance = await testInstance()
const { make, as, db, audit } = instance
const { create, run, discard, usersNamed } = importing(instance)
const acme = await make.organization('Acme')
const max = await make.user({ organizationId: acme.id, role: 'manager', passwordHash: 'x' })
const missing = { code: 'NOT_FOUND', details: { what: 'import' } }
const rowsOf = (list: readonly string[]) => list.map((name) => `${name},,,,,`)
async function kept(importId: string): Promise<string> {
  const { rows } = await db.pool.query(`SELECT json_agg(r)::text AS "text" FROM "import_row" r WHERE "importId" = $1`, [importId])
  return rows[0].text ?? ''
}

test('what waits of a begun import goes at once and for good; whoever was created stays, and the results are still to be had', async () => {
  const list = names(5)
  const { importId } = await create(max, [...rowsOf(list), 'Bad Name,,,,,'])
  await run(max, importId, numbered(2))
  expect(await discard(max, importId)).toEqual({ discarded: 3, created: 2, kept: true })
  const text = await kept(importId)
  for (const name of list) expect(text).not.toContain(name)
  const detail = await as(max).import.get.query({ importId })
  expect(detail).toMatchObject({ status: 'done', rowCount: 6, waiting: 0, created: 2, discarded: 3 })
  expect(detail.rows.map(({ number, outcome, username }) => [number, outcome, username])).toEqual([
    [1, 'created', list[0]],
    [2, 'created', list[1]],
    [6, 'refused', 'Bad Name'],
  ])
  expect((await run(max, importId, numbered(5))).rows.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 5 }, () => 'elsewhere'))
  expect(await usersNamed(list)).toHaveLength(2)
  expect((await audit(acme.id)).filter(({ action }) => action === 'import.discard')).toMatchObject([
    { batchId: importId, before: { users: 5 }, after: { users: 2 } },
  ])
})

test('what was only looked at goes whole', async () => {
  const { importId } = await create(max, rowsOf(names(2)))
  expect(await discard(max, importId)).toEqual({ discarded: 2, created: 0, kept: false })
  expect(await kept(importId)).toBe('')
  expect(await refusalsOf([as(max).import.get.query({ importId }), discard(max, importId), run(max, importId, numbered(1))])).toEqual([
    missing,
    missing,
    missing,
  ])
  expect((await as(max).import.list.query({})).map(({ id }) => id)).not.toContain(importId)
})

test('of an import whose tried rows were all refused their reasons are kept', async () => {
  const list = names(2)
  const { importId } = await create(max, rowsOf(list))
  await make.user({ organizationId: acme.id, username: list[0] ?? '' })
  await run(max, importId, numbered(1))
  expect(await discard(max, importId)).toEqual({ discarded: 1, created: 0, kept: true })
  expect((await as(max).import.get.query({ importId })).rows).toMatchObject([{ number: 1, outcome: 'failed', refusal: { code: 'NAME_TAKEN' } }])
})

test('a finished import is not thrown away, nor one twice, nor somebody else’s', async () => {
  const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
  const dora = await make.user({ organizationId: acme.id })
  const [one = '', two = ''] = names(2)
  const finished = await create(max, rowsOf([one]))
  await run(max, finished.importId, numbered(1))
  const begun = await create(max, rowsOf([two]))
  expect(await refusalsOf([discard(max, finished.importId), discard(ada, begun.importId)])).toEqual([{ code: 'IMPORT_FINISHED', details: {} }, missing])
  expect(await refusalOf(discard(dora, begun.importId))).toMatchObject({ code: 'ROLE_LACKS_ACTION' })
  expect(await as(max).import.get.query({ importId: begun.importId })).toMatchObject({ status: 'ready', waiting: 1 })
  const twice = await refusalsOf([discard(max, begun.importId), discard(max, begun.importId)])
  expect(twice).toEqual(expect.arrayContaining([null, missing]))
})

test('whoever began five and finished none looks at the next file once one is thrown away', async () => {
  const mia = await make.user({ organizationId: acme.id, role: 'manager', passwordHash: 'x' })
  const begun: string[] = []
  for (let n = 0; n < 5; n++) {
    const { importId } = await create(mia, rowsOf(names(2)))
    await run(mia, importId, numbered(1))
    begun.push(importId)
  }
  expect(await refusalOf(create(mia, rowsOf(names(1))))).toEqual({ code: 'TOO_MANY_IMPORTS', details: { most: 5 } })
  await discard(mia, begun[3] ?? '')
  await create(mia, rowsOf(names(1)))
})
