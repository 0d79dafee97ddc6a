import { expect, test } from 'vitest'
import { refusalOf, testInstance } from '../../test/support/instance.ts'

const { make, as } = await testInstance()
const acme = await make.organization('Acme')
const other = await make.organization('Other')
const ada = await make.user({ organizationId: other.id, role: 'administrator' })
const max = await make.user({ organizationId: acme.id, role: 'manager' })

const names = Array.from({ length: 60 }, (_, i) => `Team ${String(i).padStart(2, '0')}`)
for (const name of names) await make.workspace({ organizationId: acme.id, name })
const zoo = await make.workspace({ organizationId: acme.id, name: 'Zoölogie 100%', archived: true })
await make.workspace({ organizationId: other.id, name: 'Team 00' })
const namesIn = (list: { rows: { name: string }[] }) => list.rows.map(({ name }) => name)

test('pages by name in both directions, without gaps or repeats', async () => {
  const { list } = as(max).workspace
  const first = await list.query({ page: { size: 25 } })
  expect(namesIn(first)).toEqual(names.slice(0, 25))
  expect(first).toMatchObject({ before: null, total: { count: 61, more: false } })
  const second = await list.query({ page: { size: 25, after: String(first.after) } })
  expect(namesIn(second)).toEqual(names.slice(25, 50))
  const third = await list.query({ page: { size: 25, after: String(second.after) } })
  expect(namesIn(third)).toEqual([...names.slice(50), zoo.name])
  expect(third.after).toBeNull()
  const back = await list.query({ page: { size: 25, before: String(third.before) } })
  expect(back).toEqual(second)
  const front = await list.query({ page: { size: 25, before: String(second.before) } })
  expect(front).toEqual(first)
})

test('ends the last page with the last name', async () => {
  const last = await as(max).workspace.list.query({ page: { size: 50, last: true } })
  expect(namesIn(last)).toEqual([...names.slice(11), zoo.name])
  expect(last.after).toBeNull()
  const before = await as(max).workspace.list.query({ page: { size: 50, before: String(last.before) } })
  expect(namesIn(before)).toEqual(names.slice(0, 11))
  expect(before.before).toBeNull()
})

test('lists equal names of two organizations once each across page boundaries', async () => {
  const { list } = as(ada).workspace
  const ids: string[] = []
  for (let after: string | null | undefined; after !== null; ) {
    const page = await list.query({ page: { size: 25, ...(after ? { after } : {}) } })
    ids.push(...page.rows.map(({ id }) => id))
    after = page.after
  }
  expect(ids).toHaveLength(62)
  expect(new Set(ids).size).toBe(62)
})

test.each([
  ['eam 0', 10],
  ['TEAM  05', 1],
  ['zoologie', 1],
  ['100%', 1],
  ['te', 60],
  ['ea', 0],
  ['%', 0],
  ['___', 0],
  ['\\', 0],
  ['a\0b', 0],
])('search for %j finds %i', async (search, count) => {
  expect((await as(max).workspace.list.query({ search })).total).toEqual({ count, more: false })
})

test('lists archived workspaces with the others, alone, or not at all', async () => {
  const { list } = as(max).workspace
  expect((await list.query({})).total.count).toBe(61)
  expect(namesIn(await list.query({ archived: true }))).toEqual([zoo.name])
  expect((await list.query({ archived: false })).total.count).toBe(60)
})

test('shows workspaces of all or one organization to an administrator, and of their own to a manager', async () => {
  expect((await as(ada).workspace.list.query({})).total.count).toBe(62)
  expect((await as(ada).workspace.list.query({ organizationId: other.id })).rows).toMatchObject([
    { organizationId: other.id },
  ])
  expect(await as(max).workspace.list.query({ organizationId: other.id })).toEqual({
    rows: [],
    before: null,
    after: null,
    total: { count: 0, more: false },
  })
})

test.each([
  '',
  'x',
  'e30',
  Buffer.from('{"v":"a","i":"b"}').toString('base64url'),
  Buffer.from('{"v":["a"],"i":null}').toString('base64url'),
])('refuses the invalid cursor %j', async (after) => {
  expect(await refusalOf(as(max).workspace.list.query({ page: { size: 25, after } }))).toMatchObject({
    code: 'BAD_INPUT',
    details: { issues: [{ path: ['page', 'after'] }] },
  })
})
