import { type Role, USER_SORTS, type UserFilter, type UserRow, type UserSort } from '@roster/domain'
import { expect, test } from 'vitest'
import { refusalOf, testInstance } from '../../../test/support/instance.ts'

const { make, as, db } = await testInstance()
const acme = await make.organization('Acme')
const other = await make.organization('Other')
const max = await make.user({ organizationId: acme.id, username: 'max', displayName: 'Max Müller', role: 'manager' })
const ada = await make.user({ organizationId: other.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
await as(max).session.me.query()
await as(ada).session.me.query()

// Sixty users with equal names, days and missing sign-ins, so that page boundaries fall among equal keys.
const crowd = await make.users(
  Array.from({ length: 60 }, (_, i) => ({
    organizationId: acme.id,
    username: `crowd.${String((i * 7) % 60).padStart(2, '0')}`,
    displayName: ['Anna', 'Zoë', 'anna', null][i % 4] ?? null,
    role: (['default', 'default', 'manager'] as const)[i % 3] as Role,
    status: i % 5 === 0 ? ('suspended' as const) : ('active' as const),
  })),
)
await db.pool.query(
  `UPDATE "user" SET "createdAt" = '2026-01-01T00:00:00Z'::timestamptz + (h.n / 20) * interval '1 day', "lastSeenAt" = CASE WHEN h.n % 3 > 0 THEN '2026-02-01'::timestamptz + (h.n % 7) * interval '1 ms' END
   FROM unnest($1::uuid[]) WITH ORDINALITY AS h(id, n) WHERE "user"."id" = h.id`,
  [crowd.map(({ id }) => id)],
)
const club = await make.workspace({ organizationId: acme.id, name: 'Club' })
await make.members(club, crowd.slice(0, 10))
await make.members(club, crowd.slice(10, 12), new Date(Date.now() - 1000))
await make.user({ organizationId: acme.id, status: 'deleted' })

type Query = { filter?: UserFilter; sort?: UserSort; descending?: boolean }
const page = (query: Query, at: object, by = max) => as(by).user.list.query({ ...query, page: { size: 25, ...at } })

/** All pages of a query. */
async function walk(query: Query, direction: 'forward' | 'backward', by = max): Promise<UserRow[][]> {
  const pages: UserRow[][] = []
  let cursor: object | null = direction === 'forward' ? {} : { last: true }
  for (let guard = 0; cursor && guard < 20; guard++) {
    const { rows, before, after } = await page(query, cursor, by)
    pages.push(rows)
    if (direction === 'forward') cursor = after === null ? null : { after }
    else cursor = before === null ? null : { before }
  }
  return pages
}

const KEY: Record<UserSort, (row: UserRow) => string> = {
  username: (row) => row.username,
  displayName: (row) => (row.displayName ?? row.username).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase(),
  created: (row) => row.createdAt,
  lastSeen: (row) => row.lastSeenAt ?? '',
}

test.each(USER_SORTS.flatMap((sort) => [true, false].map((descending) => [sort, descending] as const)))(
  'lists all users by %s (descending: %s) once and in order, in both directions, also with equal keys',
  async (sort, descending) => {
    const query = { filter: { search: 'crowd' }, sort, descending }
    const forward = await walk(query, 'forward')
    expect(forward.map((rows) => rows.length)).toEqual([25, 25, 10])
    const rows = forward.flat()
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(crowd.map(({ id }) => id)))
    const keys = rows.map(KEY[sort])
    expect(keys).toEqual(descending ? keys.toSorted().reverse() : keys.toSorted())
    const backward = await walk(query, 'backward')
    expect(backward.map((each) => each.length)).toEqual([25, 25, 10])
    expect(backward.toReversed().flat()).toEqual(rows)
    const second = await page(query, { after: String((await page(query, {})).after) })
    expect(await page(query, { before: String(second.before) })).toMatchObject({ rows: forward[0], before: null })
  },
)

test('lists the same users in reverse for the opposite direction', async () => {
  for (const sort of USER_SORTS) {
    const [up, down] = await Promise.all([false, true].map((descending) => walk({ sort, descending }, 'forward')))
    expect(down?.flat().toReversed()).toEqual(up?.flat())
  }
})

test('lists each unchanged user once while others are created, deleted and renamed between pages', async () => {
  const users = await make.users(
    Array.from({ length: 60 }, (_, i) => ({
      organizationId: acme.id,
      username: `moving.${String(i).padStart(2, '0')}`,
    })),
  )
  const query = { filter: { search: 'moving' } }
  const first = await page(query, {})
  await as(max).user.delete.mutate({ userId: users[3]?.id ?? '', confirmation: 'moving.03' })
  await as(max).user.delete.mutate({ userId: users[24]?.id ?? '', confirmation: 'moving.24' })
  await make.users(
    ['moving.00a', 'moving.24a', 'moving.40a'].map((username) => ({ organizationId: acme.id, username })),
  )
  await as(max).user.update.mutate({ userId: users[30]?.id ?? '', expectedVersion: 1, username: 'moving.99' })
  const second = await page(query, { after: String(first.after) })
  const third = await page(query, { after: String(second.after) })
  const listed = [...first.rows, ...second.rows, ...third.rows].map(({ username }) => username)
  expect(new Set(listed).size).toBe(listed.length)
  for (const [i, { username }] of users.entries()) if (![3, 24, 30].includes(i)) expect(listed).toContain(username)
  expect(listed).toEqual(expect.arrayContaining(['moving.24a', 'moving.40a', 'moving.99']))
  expect(listed).not.toContain('moving.00a')
})

test('continues after a cursor row that was deleted', async () => {
  const users = await make.users(
    Array.from({ length: 30 }, (_, i) => ({ organizationId: acme.id, username: `gap.${String(i).padStart(2, '0')}` })),
  )
  const { after } = await page({ filter: { search: 'gap.' } }, {})
  await as(max).user.delete.mutate({ userId: users[24]?.id ?? '', confirmation: 'gap.24' })
  expect(
    (await page({ filter: { search: 'gap.' } }, { after: String(after) })).rows.map(({ username }) => username),
  ).toEqual([25, 26, 27, 28, 29].map((i) => `gap.${i}`))
})

test.each<[string, string[]]>([
  ['q', ['quentin', 'the.q']],
  ['qu', ['quentin', 'the.q']],
  ['ue', []],
  ['uen', ['quentin']],
  ['QUEEN', ['the.q']],
  ['queen eve', ['the.q']],
  ['  queen  eve ', ['the.q']],
  ['quèén', ['the.q']],
  ['.q', []],
  ['e.q', ['the.q']],
  ['eve', ['the.q']],
  ['qu%', []],
  ['q_e', []],
  ['q\\', []],
  ['quentin\nqueen', []],
])('search for %j finds %j', async (search, expected) => {
  for (const [username, displayName] of [
    ['quentin', null],
    ['the.q', 'Queen  Évé'],
  ] as const)
    if ((await as(ada).user.count.query({ filter: { search: username } })).count === 0)
      await make.user({ organizationId: acme.id, username, displayName })
  expect((await as(max).user.list.query({ filter: { search } })).rows.map(({ username }) => username)).toEqual(expected)
  expect((await as(max).user.count.query({ filter: { search } })).count).toBe(expected.length)
})

const FILTERS: [UserFilter, (row: (typeof crowd)[number], i: number) => boolean][] = [
  [{ role: ['manager'] }, ({ role }) => role === 'manager'],
  [{ role: ['manager', 'default'] }, () => true],
  [{ role: ['administrator'] }, () => false],
  [{ role: [] }, () => true],
  [{ status: ['suspended'] }, (_, i) => i % 5 === 0],
  [{ status: ['active'] }, (_, i) => i % 5 !== 0],
  [{ status: ['active', 'suspended'] }, () => true],
  [{ workspaceId: club.id }, (_, i) => i < 10],
  [{ neverSignedIn: true }, (_, i) => (i + 1) % 3 === 0],
  [{ organizationId: acme.id }, () => true],
  [{ organizationId: other.id }, () => false],
  [
    { role: ['default'], status: ['active'], workspaceId: club.id, neverSignedIn: true },
    ({ role }, i) => role === 'default' && i % 5 !== 0 && i < 10 && (i + 1) % 3 === 0,
  ],
]

test.each(FILTERS)('filter %j lists and counts exactly the matches', async (filter, matches) => {
  const expected = crowd.filter(matches).map(({ id }) => id)
  const query = { filter: { ...filter, search: 'crowd' } }
  expect(new Set((await walk(query, 'forward')).flat().map(({ id }) => id))).toEqual(new Set(expected))
  expect(await as(max).user.count.query(query)).toEqual({ count: expected.length, more: false })
})

test('returns the first three workspaces of a user by name, and counts all', async () => {
  const john = await make.user({ organizationId: acme.id, username: 'busy.john' })
  for (const name of ['delta', 'Alpha', 'charlie', 'Bravo'])
    await make.members(await make.workspace({ organizationId: acme.id, name }), [john])
  await make.members(
    await make.workspace({ organizationId: acme.id, name: 'a past one' }),
    [john],
    new Date(Date.now() - 1000),
  )
  const [row] = (await as(max).user.list.query({ filter: { search: 'busy.john' } })).rows
  expect(row).toMatchObject({ workspaceCount: 4 })
  expect(row?.workspaces.map(({ name }) => name)).toEqual(['Alpha', 'Bravo', 'charlie'])
})

test('shows users of all organizations to an administrator, and those of one organization to its manager', async () => {
  const eve = await make.user({ organizationId: acme.id, username: 'eve.here', role: 'administrator' })
  expect((await as(max).user.list.query({ filter: { role: ['administrator'] } })).rows.map(({ id }) => id)).toEqual([
    eve.id,
  ])
  expect(
    (await as(ada).user.list.query({ filter: { role: ['administrator'] } })).rows.map(({ username }) => username),
  ).toEqual(['ada', 'eve.here'])
  const allUsers = (await walk({}, 'forward', ada)).flat()
  expect(allUsers.length).toBe((await as(ada).user.count.query({})).count)
  expect(new Set(allUsers.map(({ organizationId }) => organizationId))).toEqual(new Set([acme.id, other.id]))
})

test('returns only the documented fields, and no secret', async () => {
  const [row] = (await as(max).user.list.query({})).rows
  const fields = [
    'createdAt',
    'dailyLimit',
    'displayName',
    'id',
    'lastSeenAt',
    'organizationId',
    'role',
    'secondFactor',
    'status',
    'username',
    'workspaceCount',
    'workspaces',
  ]
  expect(Object.keys(row ?? {}).sort()).toEqual(fields)
  expect(JSON.stringify(await as(max).user.get.query({ userId: max.id }))).not.toMatch(/hash|token|searchKey/iu)
})

test('counts and selects exactly up to 10,000, and says when there are more', async () => {
  const { id: organizationId } = await make.organization('Large')
  await make.users(Array.from({ length: 10_000 }, () => ({ organizationId })))
  const filter = { organizationId }
  const action = { kind: 'suspend' as const }
  expect(await as(ada).user.count.query({ filter })).toEqual({ count: 10_000, more: false })
  expect(await as(ada).user.previewBulk.query({ selection: { matching: [filter] }, action })).toMatchObject({
    total: 10_000,
    change: 10_000,
  })
  await make.user({ organizationId })
  expect(await as(ada).user.count.query({ filter })).toEqual({ count: 10_000, more: true })
  expect(await refusalOf(as(ada).user.previewBulk.query({ selection: { matching: [filter] }, action }))).toEqual({
    code: 'BAD_INPUT',
    details: {
      issues: [{ path: ['selection'], code: 'TOO_MANY', params: { max: 10_000 }, message: 'At most 10,000 at once.' }],
    },
  })
})
