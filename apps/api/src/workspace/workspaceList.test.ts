import { expect, test } from 'vitest'
import { refusalOf, testInstance } from '../testing/instance.ts'

const { make, as } = await testInstance()
const acme = await make.organization('Acme')
const other = await make.organization('Other')
const ada = await make.user({ organizationId: other.id, role: 'administrator' })
const max = await make.user({ organizationId: acme.id, role: 'manager' })

const names = Array.from({ length: 60 }, (_, i) => `Team ${String(i).padStart(2, '0')}`)
for (const name of names) await make.workspace({ organizationId: acme.id, name })
const zoo = await make.workspace({ organizationId: acme.id, name: 'Zoölogie 100%', archived: true })
await make.workspace({ organizationId: other.id, name: 'Team 00' })
const shown = (list: { rows: { name: string }[] }) => list.rows.map(({ name }) => name)

test('pages go by name, forwards and backwards, without a gap or a repeat', async () => {
  const { list } = as(max).workspace
  const first = await list.query({ page: { size: 25 } })
  expect(shown(first)).toEqual(names.slice(0, 25))
  expect(first).toMatchObject({ before: null, total: { count: 61, more: false } })
  const second = await list.query({ page: { size: 25, after: String(first.after) } })
  expect(shown(second)).toEqual(names.slice(25, 50))
  const third = await list.query({ page: { size: 25, after: String(second.after) } })
  expect(shown(third)).toEqual([...names.slice(50), zoo.name])
  expect(third.after).toBeNull()
  const back = await list.query({ page: { size: 25, before: String(third.before) } })
  expect(back).toEqual(second)
  const front = await list.query({ page: { size: 25, before: String(second.before) } })
  expect(front).toEqual(first)
})

test('the last page ends with the last name', async () => {
  const last = await as(max).workspace.list.query({ page: { size: 50, last: true } })
  expect(shown(last)).toEqual([...names.slice(11), zoo.name])
  expect(last.after).toBeNull()
  const before = await as(max).workspace.list.query({ page: { size: 50, before: String(last.before) } })
  expect(shown(before)).toEqual(names.slice(0, 11))
  expect(before.before).toBeNull()
})

test('same names of two organizations stand on one page each, whichever side of a page’s end they fall', async () => {
  const { list } = as(ada).workspace
  const expected: string[] = []
  for (let after: string | null | undefined; after !== null; ) {
    const page = await list.query({ page: { size: 25, ...(after ? { after } : {}) } })
    expected.push(...page.rows.map(({ id }) => id))
    after = page.after
  }
  expect(expected).toHaveLength(62)
  expect(new Set(expected).size).toBe(62)
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
])('a search for %j finds %i', async (search, count) => {
  expect((await as(max).workspace.list.query({ search })).total).toEqual({ count, more: false })
})

test('archived ones are shown with the others, alone, or not at all', async () => {
  const { list } = as(max).workspace
  expect((await list.query({})).total.count).toBe(61)
  expect(shown(await list.query({ archived: true }))).toEqual([zoo.name])
  expect((await list.query({ archived: false })).total.count).toBe(60)
})

test('an administrator sees every organization’s, or one’s; a manager only their own', async () => {
  expect((await as(ada).workspace.list.query({})).total.count).toBe(62)
  expect((await as(ada).workspace.list.query({ organizationId: other.id })).rows).toMatchObject([{ organizationId: other.id }])
  expect(await as(max).workspace.list.query({ organizationId: other.id })).toEqual({ rows: [], before: null, after: null, total: { count: 0, more: false } })
})

test.each(['', 'x', 'e30', Buffer.from('{"v":"a","i":"b"}').toString('base64url'), Buffer.from('{"v":["a"],"i":null}').toString('base64url')])(
  'a cursor that is none (%j) is refused in words',
  async (after) => {
    expect(await refusalOf(as(max).workspace.list.query({ page: { size: 25, after } }))).toMatchObject({
      code: 'BAD_INPUT',
      details: { issues: [{ path: ['page', 'after'] }] },
    })
  },
)
