import { connect, ensureInstance } from '@roster/db'
import { createTestDatabase } from '@roster/db/testing'
import { userCreate, workspaceName } from '@roster/domain'
import { afterAll, expect, test } from 'vitest'
import { verifyPassword } from '../password/hash.ts'
import { resetKnownAccounts } from './knownAccounts.ts'
import { seedDemo } from './seed.ts'
import { USERS } from './users.ts'
import { WORKSPACES } from './workspaces.ts'

const { url } = await createTestDatabase()
const db = connect({ url })
const { prisma } = db
afterAll(() => db.close())

test('every user and workspace passes the API’s own validation', () => {
  for (const { username, displayName, about, role, dailyLimit } of USERS) {
    const input = { username, displayName, about: about ?? '', role, dailyLimit, credential: { kind: 'link' } }
    expect([username, userCreate.safeParse(input).error?.message]).toEqual([username, undefined])
  }
  for (const { name } of Object.values(WORKSPACES)) expect(workspaceName.parse(name)).toBe(name)
})

test('seeds a believable organization once', async () => {
  await ensureInstance(prisma)
  await seedDemo(db)
  await seedDemo(db)
  expect(await prisma.user.count()).toBe(60)
  expect(await prisma.workspace.count()).toBe(12)
  expect(await prisma.workspace.count({ where: { members: { none: {} } } })).toBe(0)
  expect(await prisma.user.count({ where: { status: 'suspended' } })).toBe(3)
  expect(await prisma.user.count({ where: { lastSeenAt: null } })).toBe(4)
  // No membership was added by a default user, or by a user who joined later.
  const members = await prisma.member.findMany({ include: { user: { select: { createdAt: true } } } })
  const users = new Map((await prisma.user.findMany()).map((user) => [user.id, user]))
  const added = members.flatMap(({ addedById, user }) =>
    addedById === null ? [] : [{ adder: users.get(addedById), user }],
  )
  expect(added.length).toBeGreaterThan(members.length / 2)
  for (const { adder, user } of added)
    expect(adder?.role !== 'default' && Number(adder?.createdAt) <= Number(user.createdAt)).toBe(true)
  const weeks = new Set(
    (await prisma.user.findMany({ where: { lastSeenAt: { not: null } } })).map(({ lastSeenAt }) =>
      Math.floor((Date.now() - Number(lastSeenAt)) / 604_800_000),
    ),
  )
  expect(weeks.size).toBeGreaterThanOrEqual(4)
  // A manager or administrator who joined earlier created each user, except the first administrator. The audit log
  // agrees.
  const created = [...users.values()].filter(({ createdById }) => createdById !== null)
  expect(created).toHaveLength(59)
  for (const user of created) {
    const creator = users.get(user.createdById ?? '')
    expect(creator?.role !== 'default' && Number(creator?.createdAt) <= Number(user.createdAt)).toBe(true)
    expect(
      await prisma.auditEvent.count({ where: { action: 'user.create', targetId: user.id, actorId: user.createdById } }),
    ).toBe(1)
  }
  expect(await prisma.auditEvent.count({ where: { through: 'system' } })).toBe(0)
})

test('each start resets one account of each role and sets a new password', async () => {
  const first = await resetKnownAccounts(db)
  expect(first.map(({ role }) => role)).toEqual(['administrator', 'manager', 'default'])
  await prisma.user.update({ where: { username: 'john.doe' }, data: { status: 'suspended', role: 'manager' } })
  await prisma.user.update({ where: { username: 'amara.okafor' }, data: { username: 'amara' } })
  const second = await resetKnownAccounts(db)
  for (const { role, username, password } of second) {
    const user = await prisma.user.findUniqueOrThrow({ where: { username } })
    expect(user).toMatchObject({ role, status: 'active', passwordChangeRequired: false })
    expect(await verifyPassword(password, user.passwordHash)).toBe(true)
  }
  expect(new Set([...first, ...second].map(({ password }) => password)).size).toBe(6)
})
