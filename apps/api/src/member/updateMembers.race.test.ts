import { expect, test } from 'vitest'
import { refusalOf, refusalsOf, testInstance } from '../../test/support/instance.ts'

const { make, as, audit, db } = await testInstance()
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const managers = await make.users(
  Array.from({ length: 10 }, () => ({ organizationId: acme.id, role: 'manager' as const })),
)
type User = (typeof managers)[number]
const [max] = managers as [User]

const newWorkspace = () => make.workspace({ organizationId: acme.id })
const twoUsers = async () => (await newUsers(2)) as [User, User]
const newUsers = (count: number) => make.users(Array.from({ length: count }, () => ({ organizationId: acme.id })))
async function membersOf(workspaceId: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ userId: string }>(
    `SELECT "userId" FROM "member" WHERE "workspaceId" = $1 ORDER BY 1`,
    [workspaceId],
  )
  return rows.map(({ userId }) => userId)
}

test('applies every change of 200 concurrent saves', async () => {
  const workspace = await newWorkspace()
  const [leaving, joining, shared] = await Promise.all([newUsers(200), newUsers(200), newUsers(20)])
  await make.members(workspace, leaving)
  const common = shared.map(({ id }) => id)
  const results = await Promise.all(
    joining.map(({ id }, i) =>
      as(managers[i % managers.length] ?? max).member.update.mutate({
        workspaceId: workspace.id,
        // Each save adds one user of its own, and the common users in another order.
        add: [id, ...common.slice(i % 20), ...common.slice(0, i % 20)],
        remove: leaving[i] ? [leaving[i].id] : [],
      }),
    ),
  )
  expect(await membersOf(workspace.id)).toEqual([...joining.map(({ id }) => id), ...common].sort())
  const added = results.flatMap((result) => result.added)
  expect(added).toHaveLength(220)
  expect(new Set(added).size).toBe(220)
  expect(new Set(results.flatMap((result) => result.removed))).toEqual(new Set(leaving.map(({ id }) => id)))
  for (const result of results) expect(result.added.length + result.removed.length + result.unchanged).toBe(22)
  expect(await audit(workspace.id)).toHaveLength(200)
})

test('completes overlapping saves without a deadlock, and reports what adds up to the final members', async () => {
  const workspace = await newWorkspace()
  const users = (await newUsers(12)).map(({ id }) => id)
  const saves = Array.from({ length: 60 }, (_, i) => {
    const rotated = [...users.slice(i % 12), ...users.slice(0, i % 12)]
    return as(managers[i % managers.length] ?? max).member.update.mutate({
      workspaceId: workspace.id,
      add: rotated.slice(0, 6),
      remove: rotated.slice(6),
    })
  })
  const results = await Promise.all(saves)
  const members = await membersOf(workspace.id)
  for (const id of users) {
    const added = results.filter((result) => result.added.includes(id)).length
    const removed = results.filter((result) => result.removed.includes(id)).length
    expect(added - removed).toBe(members.includes(id) ? 1 : 0)
  }
})

test('never leaves a deleted user as a member when deletion and addition overlap', async () => {
  for (let round = 0; round < 10; round++) {
    const workspace = await newWorkspace()
    const [victim, bystander] = await twoUsers()
    const save = () => as(max).member.update.mutate({ workspaceId: workspace.id, add: [victim.id, bystander.id] })
    const remove = () => as(ada).user.delete.mutate({ userId: victim.id, confirmation: victim.username })
    const [saved, deleted] = await refusalsOf(round % 2 ? [save(), remove()] : [remove(), save()].reverse())
    expect(deleted).toBeNull()
    if (saved !== null) expect(saved).toEqual({ code: 'UNKNOWN_IDS', details: { what: 'user', ids: [victim.id] } })
    expect(await membersOf(workspace.id)).toEqual(saved === null ? [bystander.id] : [])
  }
})

test('applies a save entirely or not at all when the workspace is deleted or archived', async () => {
  for (let round = 0; round < 6; round++) {
    const workspace = await newWorkspace()
    const users = (await newUsers(5)).map(({ id }) => id)
    const save = as(max).member.update.mutate({ workspaceId: workspace.id, add: users })
    const end =
      round % 2
        ? as(ada).workspace.delete.mutate({ workspaceId: workspace.id, confirmation: workspace.name })
        : as(ada).workspace.archive.mutate({ workspaceId: workspace.id })
    const [saved, ended] = await refusalsOf([save, end])
    expect(ended).toBeNull()
    if (saved !== null) expect(saved?.code).toBe(round % 2 ? 'NOT_FOUND' : 'WORKSPACE_ARCHIVED')
    expect(await membersOf(workspace.id)).toEqual(saved === null && round % 2 === 0 ? users.sort() : [])
  }
})

test('refuses all saves of a manager after their suspension', async () => {
  const workspace = await newWorkspace()
  const manager = await make.user({ organizationId: acme.id, role: 'manager' })
  const users = (await newUsers(30)).map(({ id }) => id)
  await as(manager).session.me.query()
  const saves = users.map((id) => as(manager).member.update.mutate({ workspaceId: workspace.id, add: [id] }))
  const [suspended, ...refusals] = await refusalsOf([as(ada).user.suspend.mutate({ userId: manager.id }), ...saves])
  expect(suspended).toBeNull()
  for (const refusal of refusals) if (refusal) expect(['SESSION_ENDED', 'NOT_SIGNED_IN']).toContain(refusal.code)
  expect(await membersOf(workspace.id)).toHaveLength(refusals.filter((refusal) => refusal === null).length)
  expect(await refusalOf(as(manager).member.update.mutate({ workspaceId: workspace.id, remove: users }))).toMatchObject(
    { code: 'SESSION_ENDED' },
  )
})

test('adds 10,000 users in one call, and removes them in another', async () => {
  const workspace = await newWorkspace()
  const users = (await newUsers(10_000)).map(({ id }) => id)
  const added = await as(max).member.update.mutate({ workspaceId: workspace.id, add: users })
  expect(added).toMatchObject({ removed: [], unchanged: 0, memberCount: 10_000 })
  expect(new Set(added.added)).toEqual(new Set(users))
  const removed = await as(max).member.update.mutate({ workspaceId: workspace.id, remove: users })
  expect(removed).toMatchObject({ added: [], unchanged: 0, memberCount: 0 })
  const one = [...users, max.id]
  expect(await refusalOf(as(max).member.update.mutate({ workspaceId: workspace.id, add: one }))).toMatchObject({
    code: 'BAD_INPUT',
  })
})
