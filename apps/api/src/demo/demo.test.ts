import { connect, ensureInstance } from '@roster/db'
import { createTestDatabase } from '@roster/db/testing'
import { userCreate, workspaceName } from '@roster/domain'
import { afterAll, expect, test } from 'vitest'
import { verifyPassword } from '../password/hash.ts'
import { openKnownAccounts } from './knownAccounts.ts'
import { seedDemo } from './seed.ts'
import { USERS } from './users.ts'
import { WORKSPACES } from './workspaces.ts'

const { url } = await createTestDatabase()
const db = connect({ url })
const { prisma } = db
afterAll(() => db.close())

test('everybody in it could have been made by hand', () => {
  for (const { username, displayName, about, role, dailyLimit } of USERS) {
    const input = { username, displayName, about: about ?? '', role, dailyLimit, credential: { kind: 'link' } }
    expect([username, userCreate.safeParse(input).error?.message]).toEqual([username, undefined])
  }
  for (const { name } of Object.values(WORKSPACES)) expect(workspaceName.parse(name)).toBe(name)
})

test('it is a believable organization, made once', async () => {
  await ensureInstance(prisma)
  await seedDemo(db)
  await seedDemo(db)
  expect(await prisma.user.count()).toBe(60)
  expect(await prisma.workspace.count()).toBe(12)
  expect(await prisma.workspace.count({ where: { members: { none: {} } } })).toBe(0)
  expect(await prisma.user.count({ where: { status: 'suspended' } })).toBe(3)
  expect(await prisma.user.count({ where: { lastSeenAt: null } })).toBe(4)
  // Most were added by somebody; never by a default user, nor by somebody who came later.
  const members = await prisma.member.findMany({ include: { user: { select: { createdAt: true } } } })
  const adders = new Map((await prisma.user.findMany()).map((user) => [user.id, user]))
  const added = members.flatMap(({ addedById, user }) => (addedById === null ? [] : [{ by: adders.get(addedById), user }]))
  expect(added.length).toBeGreaterThan(members.length / 2)
  for (const { by, user } of added) expect(by?.role !== 'default' && Number(by?.createdAt) <= Number(user.createdAt)).toBe(true)
  const weeks = new Set(
    (await prisma.user.findMany({ where: { lastSeenAt: { not: null } } })).map(({ lastSeenAt }) => Math.floor((Date.now() - Number(lastSeenAt)) / 604_800_000)),
  )
  expect(weeks.size).toBeGreaterThanOrEqual(4)
  expect(await prisma.auditEvent.count({ where: { action: 'user.create', through: 'system' } })).toBe(60)
})

test('each start gives one account of each role a new password, whatever was done to it', async () => {
  const first = await openKnownAccounts(db)
  expect(first.map(({ role }) => role)).toEqual(['administrator', 'manager', 'default'])
  await prisma.user.update({ where: { username: 'john.doe' }, data: { status: 'suspended', role: 'manager' } })
  await prisma.user.update({ where: { username: 'amara.okafor' }, data: { username: 'amara' } })
  const second = await openKnownAccounts(db)
  for (const { role, username, password } of second) {
    const user = await prisma.user.findUniqueOrThrow({ where: { username } })
    expect(user).toMatchObject({ role, status: 'active', passwordChangeRequired: false })
    expect(await verifyPassword(password, user.passwordHash)).toBe(true)
  }
  expect(new Set([...first, ...second].map(({ password }) => password)).size).toBe(6)
})
