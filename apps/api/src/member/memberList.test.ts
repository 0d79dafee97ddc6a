import { expect, test } from 'vitest'
import { refusalOf, refusalsOf, testInstance } from '../../test/support/instance.ts'

const { make, as } = await testInstance()
const acme = await make.organization('Acme')
const other = await make.organization('Other')
const max = await make.user({ organizationId: acme.id, username: 'max', displayName: 'Max Müller', role: 'manager' })
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator' })
const sue = await make.user({
  organizationId: acme.id,
  username: 'sue',
  displayName: 'Susanne Ärger',
  status: 'suspended',
})
const pat = await make.user({ organizationId: acme.id, username: 'pat' })
const crowd = await make.users(
  Array.from({ length: 30 }, (_, i) => ({ organizationId: acme.id, username: `crowd.${String(i).padStart(2, '0')}` })),
)
await make.user({ organizationId: other.id, username: 'crowd.99' })
await make.user({ organizationId: acme.id, status: 'deleted' })
const workspace = await make.workspace({ organizationId: acme.id })
const target = { workspaceId: workspace.id }
await as(max).member.update.mutate({ ...target, add: [max.id, sue.id, ...crowd.map(({ id }) => id)] })
await make.members(workspace, [pat], new Date(Date.now() - 1000))
const crowdNames = crowd.map(({ username }) => username)
const allUsernames = ['ada', ...crowdNames, 'max', 'pat', 'sue']
const usernamesIn = (list: { rows: { username: string }[] }) => list.rows.map(({ username }) => username)

test('lists members by username, forwards and backwards, without expired memberships', async () => {
  const { list, count } = as(max).member
  const first = await list.query({ ...target, page: { size: 25 } })
  expect(usernamesIn(first)).toEqual(crowdNames.slice(0, 25))
  const second = await list.query({ ...target, page: { size: 25, after: String(first.after) } })
  expect(usernamesIn(second)).toEqual([...crowdNames.slice(25), 'max', 'sue'])
  expect(second.after).toBeNull()
  expect(await list.query({ ...target, page: { size: 25, before: String(second.before) } })).toEqual(first)
  expect(usernamesIn(await list.query({ ...target, page: { size: 25, last: true } })).at(-1)).toBe('sue')
  expect(await count.query(target)).toEqual({ count: 32, more: false })
})

test('shows status and author to a user who may change members', async () => {
  const { rows } = await as(max).member.list.query({ ...target, filter: { search: 'arger' } })
  expect(rows).toMatchObject([
    {
      userId: sue.id,
      displayName: 'Susanne Ärger',
      role: 'default',
      status: 'suspended',
      addedBy: 'max',
      expiresAt: null,
    },
  ])
})

test('shows only names, role and the day of joining to other members', async () => {
  const [member] = crowd as [typeof pat]
  const { rows } = await as(member).member.list.query({ ...target, filter: { search: 'sue' } })
  expect(rows).toEqual([
    {
      userId: sue.id,
      username: 'sue',
      displayName: 'Susanne Ärger',
      role: 'default',
      status: 'active',
      addedAt: expect.any(String),
      addedBy: null,
      expiresAt: null,
    },
  ])
  expect(await as(member).member.count.query(target)).toEqual({ count: 32, more: false })
  expect(await refusalOf(as(member).member.candidates.query(target))).toMatchObject({ code: 'ROLE_LACKS_ACTION' })
})

test('hides the workspace from users who are not, or no longer, members', async () => {
  const calls = [
    as(pat).member.list.query(target),
    as(pat).member.count.query(target),
    as(pat).member.leave.mutate(target),
  ]
  for (const refusal of await refusalsOf(calls))
    expect(refusal).toEqual({ code: 'NOT_FOUND', details: { what: 'workspace' } })
})

test('lists all users of the organization as candidates, without deleted ones, with members marked and exact counts', async () => {
  const { candidates } = as(max).member
  const first = await candidates.query({ ...target, page: { size: 25 } })
  expect(usernamesIn(first)).toEqual(allUsernames.slice(0, 25))
  expect(first).toMatchObject({ before: null, matching: { count: 34, more: false }, matchingUnselected: 2 })
  const second = await candidates.query({ ...target, page: { size: 25, after: String(first.after) } })
  expect(usernamesIn(second)).toEqual(allUsernames.slice(25))
  expect(second.rows.slice(-3)).toMatchObject([
    { id: max.id, member: true, status: 'active', role: 'manager' },
    { id: pat.id, member: false },
    { id: sue.id, member: true, status: 'suspended' },
  ])
  expect(await candidates.query({ ...target, page: { size: 25, before: String(second.before) } })).toEqual(first)
})

test.each([
  ['crowd', 30],
  ['crowd.0', 10],
  ['wd.1', 10],
  ['MULLER', 1],
  ['mü', 0],
  ['ma', 1],
  ['su', 1],
  ['%%%', 0],
  ['', 34],
])('finds %j in %i candidates', async (search, count) => {
  expect((await as(max).member.candidates.query({ ...target, filter: { search } })).matching.count).toBe(count)
})

test('filters candidates by role, membership and selection', async () => {
  const { candidates } = as(max).member
  expect(usernamesIn(await candidates.query({ ...target, filter: { role: ['administrator', 'manager'] } }))).toEqual([
    'ada',
    'max',
  ])
  expect(usernamesIn(await candidates.query({ ...target, filter: { member: false } }))).toEqual(['ada', 'pat'])
  const members = await candidates.query({ ...target, filter: { member: true } })
  expect(members).toMatchObject({ matching: { count: 32, more: false }, matchingUnselected: 0 })
  const selected = await candidates.query({ ...target, ids: [sue.id, ada.id] })
  expect(usernamesIn(selected)).toEqual(['ada', 'sue'])
  expect(selected).toMatchObject({ matching: { count: 2, more: false }, matchingUnselected: 1 })
  expect(await candidates.query({ ...target, ids: [] })).toMatchObject({
    rows: [],
    matching: { count: 0, more: false },
  })
})

test('counts no further than 10,000, and says that there are more', async () => {
  const { id: organizationId } = await make.organization('Large')
  const manager = await make.user({ organizationId, role: 'manager' })
  await make.users(Array.from({ length: 10_000 }, () => ({ organizationId })))
  const { id: workspaceId } = await make.workspace({ organizationId })
  expect(await as(manager).member.candidates.query({ workspaceId })).toMatchObject({
    matching: { count: 10_000, more: true },
    matchingUnselected: 10_000,
  })
  const change = { workspaceId, add: { matching: [{}] } }
  for (const refusal of await refusalsOf([
    as(manager).member.previewUpdate.query(change),
    as(manager).member.update.mutate({ ...change, token: 'x' }),
  ]))
    expect(refusal).toMatchObject({ code: 'BAD_INPUT', details: { issues: [{ path: ['add'], code: 'TOO_MANY' }] } })
})

test('lists the users a change selects and the users it changes, and marks the matches of its filters', async () => {
  const { candidates } = as(max).member
  const add = { matching: [{ search: 'ada' }, { role: ['manager' as const] }], ids: [pat.id], except: [ada.id] }
  const change = { ...target, add, remove: [sue.id, max.id] }
  const all = await candidates.query({ ...change, filter: { role: ['administrator', 'manager'] } })
  expect(all.rows).toMatchObject([
    { id: ada.id, member: false, matches: true },
    { id: max.id, member: true, matches: true },
  ])
  expect(all).toMatchObject({ matching: { count: 2 }, matchingUnselected: 2 })
  expect(usernamesIn(await candidates.query({ ...change, only: 'changed' }))).toEqual(['max', 'pat', 'sue'])
  const selected = await candidates.query({ ...change, only: 'selected' })
  expect(usernamesIn(selected)).toEqual([...crowdNames, 'pat'])
  expect(selected.matchingUnselected).toBe(0)
  const first = { ...change, only: 'selected' as const, page: { size: 25 as const } }
  const { after } = await candidates.query(first)
  expect(usernamesIn(await candidates.query({ ...first, page: { size: 25, after: String(after) } }))).toEqual([
    ...crowdNames.slice(25),
    'pat',
  ])
})

test('previews a change: how many it adds and removes, and which users are unknown', async () => {
  const { previewUpdate } = as(max).member
  const add = { matching: [{ search: 'crowd' }, {}], ids: [pat.id], except: [ada.id] }
  expect(await previewUpdate.query({ ...target, add, remove: [sue.id] })).toMatchObject({ added: 1, removed: 1 })
  expect(await previewUpdate.query({ ...target, add: [max.id], remove: [ada.id] })).toMatchObject({
    added: 0,
    removed: 0,
  })
  const stranger = await make.user({ organizationId: other.id })
  expect(await refusalOf(previewUpdate.query({ ...target, add: [pat.id], remove: [stranger.id] }))).toEqual({
    code: 'UNKNOWN_IDS',
    details: { what: 'user', ids: [stranger.id] },
  })
})
