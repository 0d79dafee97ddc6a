import { expect, test } from 'vitest'
import { importClient, names, rowNumbers } from '../../test/support/importClient.ts'
import { refusalOf, refusalsOf, testInstance } from '../../test/support/instance.ts'

const instance = await testInstance()
const { make, as, db, audit } = instance
const { create, run, discard, usersNamed } = importClient(instance)
const acme = await make.organization('Acme')
const max = await make.user({ organizationId: acme.id, role: 'manager', passwordHash: 'x' })
const notFound = { code: 'NOT_FOUND', details: { what: 'import' } }
const rowsOf = (list: readonly string[]) => list.map((name) => `${name},,,,,`)
async function storedRows(importId: string): Promise<string> {
  const { rows } = await db.pool.query(`SELECT json_agg(r)::text AS "text" FROM "import_row" r WHERE "importId" = $1`, [
    importId,
  ])
  return rows[0].text ?? ''
}

test('deletes the remaining rows of a started import, and keeps the created users and the results', async () => {
  const list = names(5)
  const { importId } = await create(max, [...rowsOf(list), 'Bad Name,,,,,'])
  await run(max, importId, rowNumbers(2))
  expect(await discard(max, importId)).toEqual({ discarded: 3, created: 2, kept: true })
  const text = await storedRows(importId)
  for (const name of list) expect(text).not.toContain(name)
  const detail = await as(max).import.get.query({ importId })
  expect(detail).toMatchObject({ status: 'done', rowCount: 6, waiting: 0, created: 2, discarded: 3 })
  expect(detail.rows.map(({ number, outcome, username }) => [number, outcome, username])).toEqual([
    [1, 'created', list[0]],
    [2, 'created', list[1]],
    [6, 'refused', 'Bad Name'],
  ])
  expect((await run(max, importId, rowNumbers(5))).rows.map(({ outcome }) => outcome)).toEqual(
    Array.from({ length: 5 }, () => 'elsewhere'),
  )
  expect(await usersNamed(list)).toHaveLength(2)
  expect((await audit(acme.id)).filter(({ action }) => action === 'import.discard')).toMatchObject([
    { batchId: importId, before: { users: 5 }, after: { users: 2 } },
  ])
})

test('deletes an import entirely when no row was run', async () => {
  const { importId } = await create(max, rowsOf(names(2)))
  expect(await discard(max, importId)).toEqual({ discarded: 2, created: 0, kept: false })
  expect(await storedRows(importId)).toBe('')
  expect(
    await refusalsOf([
      as(max).import.get.query({ importId }),
      discard(max, importId),
      run(max, importId, rowNumbers(1)),
    ]),
  ).toEqual([notFound, notFound, notFound])
  expect((await as(max).import.list.query({})).map(({ id }) => id)).not.toContain(importId)
})

test('keeps the reasons when every row that was run failed', async () => {
  const list = names(2)
  const { importId } = await create(max, rowsOf(list))
  await make.user({ organizationId: acme.id, username: list[0] ?? '' })
  await run(max, importId, rowNumbers(1))
  expect(await discard(max, importId)).toEqual({ discarded: 1, created: 0, kept: true })
  expect((await as(max).import.get.query({ importId })).rows).toMatchObject([
    { number: 1, outcome: 'failed', refusal: { code: 'NAME_TAKEN' } },
  ])
})

test('refuses to discard a finished import, a discarded one, and another user’s', async () => {
  const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: 'x' })
  const dora = await make.user({ organizationId: acme.id })
  const [one = '', two = ''] = names(2)
  const finished = await create(max, rowsOf([one]))
  await run(max, finished.importId, rowNumbers(1))
  const started = await create(max, rowsOf([two]))
  expect(await refusalsOf([discard(max, finished.importId), discard(ada, started.importId)])).toEqual([
    { code: 'IMPORT_FINISHED', details: {} },
    notFound,
  ])
  expect(await refusalOf(discard(dora, started.importId))).toMatchObject({ code: 'ROLE_LACKS_ACTION' })
  expect(await as(max).import.get.query({ importId: started.importId })).toMatchObject({ status: 'ready', waiting: 1 })
  const twice = await refusalsOf([discard(max, started.importId), discard(max, started.importId)])
  expect(twice).toEqual(expect.arrayContaining([null, notFound]))
})

test('allows a sixth unfinished import after one of five is discarded', async () => {
  const mia = await make.user({ organizationId: acme.id, role: 'manager', passwordHash: 'x' })
  const started: string[] = []
  for (let n = 0; n < 5; n++) {
    const { importId } = await create(mia, rowsOf(names(2)))
    await run(mia, importId, rowNumbers(1))
    started.push(importId)
  }
  expect(await refusalOf(create(mia, rowsOf(names(1))))).toEqual({ code: 'TOO_MANY_IMPORTS', details: { max: 5 } })
  await discard(mia, started[3] ?? '')
  await create(mia, rowsOf(names(1)))
})
