import { randomUUIDv7 } from 'node:crypto'
import { type AuditActor, type Database, hasUsers, inTransaction, lockInstance, nameKeys, nameKeysOf, recordChange, type Transaction } from '@roster/db'
import { type DemoUser, ORGANIZATION, USERS } from './users.ts'
import { WORKSPACES, type WorkspaceWord } from './workspaces.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const SYSTEM: AuditActor = { actorId: null, actorName: null, through: 'system', throughId: null, address: null }

/** Fill an empty instance with the demonstration's organization; nobody can sign in yet. Does nothing where there are users. */
export async function seedDemo({ prisma }: Database): Promise<void> {
  const now = Date.now()
  await inTransaction(prisma, async (tx) => {
    await lockInstance(tx)
    if (await hasUsers(tx)) return
    const organizationId = randomUUIDv7()
    await tx.organization.create({
      data: { id: organizationId, name: ORGANIZATION, ...nameKeysOf(ORGANIZATION), timeZone: 'Europe/Copenhagen', createdAt: new Date(now - 545 * DAY) },
      select: { id: true },
    })
    await tx.instance.update({
      where: { id: 1 },
      data: { setupCodeHash: null, setUpAt: new Date(now - 545 * DAY), namedAt: new Date(now - 545 * DAY), name: 'Northwind AI' },
      select: { id: true },
    })
    const workspaceIds = await seedWorkspaces(tx, organizationId, now)
    await seedUsers(tx, organizationId, workspaceIds, now)
  })
}

async function seedWorkspaces(tx: Transaction, organizationId: string, now: number): Promise<ReadonlyMap<string, string>> {
  const rows = Object.entries(WORKSPACES).map(([word, workspace]) => ({ id: randomUUIDv7(), word, archivedDaysAgo: undefined, ...workspace }))
  await tx.workspace.createMany({
    data: rows.map(({ id, name, createdDaysAgo, archivedDaysAgo }) => ({
      id,
      organizationId,
      name,
      ...nameKeysOf(name),
      createdAt: new Date(now - createdDaysAgo * DAY),
      archivedAt: archivedDaysAgo === undefined ? null : new Date(now - archivedDaysAgo * DAY),
    })),
  })
  const entries = rows.map(
    ({ id, name }) => ({ organizationId, targetKind: 'workspace', targetId: id, targetName: name, workspaceId: id, after: { name } }) as const,
  )
  await recordChange(tx, SYSTEM, 'workspace.create', entries, [])
  return new Map(rows.map(({ word, id }) => [word, id]))
}

async function seedUsers(tx: Transaction, organizationId: string, workspaceIds: ReadonlyMap<string, string>, now: number): Promise<void> {
  const rows: Seeded[] = USERS.map((user) => ({ id: randomUUIDv7(), ...user }))
  await tx.user.createMany({
    data: rows.map(({ id, username, displayName, role, about, joinedDaysAgo, seenHoursAgo, suspended, dailyLimit }) => ({
      id,
      organizationId,
      username,
      displayName,
      ...nameKeys(username, displayName),
      role,
      about,
      dailyLimit,
      status: suspended ? ('suspended' as const) : ('active' as const),
      // Spread over the day, so that no two look as if made by a script.
      createdAt: new Date(now - joinedDaysAgo * DAY - minutesOf(username)),
      lastSeenAt: seenHoursAgo === null ? null : new Date(now - seenHoursAgo * HOUR - minutesOf(username)),
    })),
  })
  const memberships = rows.flatMap((user) => user.workspaces.map((word) => ({ user, workspaceId: workspaceOf(workspaceIds, word) })))
  await tx.member.createMany({
    data: memberships.map(({ user, workspaceId }) => ({
      organizationId,
      workspaceId,
      userId: user.id,
      addedAt: new Date(now - user.joinedDaysAgo * DAY + HOUR),
      addedById: adderOf(memberships, workspaceId, user),
    })),
  })
  const entries = rows.map(
    ({ id, username, role }) => ({ organizationId, targetKind: 'user', targetId: id, targetName: username, after: { username, role } }) as const,
  )
  await recordChange(tx, SYSTEM, 'user.create', entries, [])
}

type Seeded = DemoUser & { id: string }

/** Who had been in the workspace for longer and manages people; the first ones came with the workspace itself. */
function adderOf(memberships: readonly { user: Seeded; workspaceId: string }[], workspaceId: string, { joinedDaysAgo }: Seeded): string | null {
  const before = memberships.filter((each) => each.workspaceId === workspaceId && each.user.joinedDaysAgo > joinedDaysAgo)
  return before.find(({ user }) => user.role !== 'default')?.user.id ?? null
}

function workspaceOf(ids: ReadonlyMap<string, string>, word: WorkspaceWord): string {
  const id = ids.get(word)
  if (id === undefined) throw new Error(`the demonstration has no workspace ${word}`)
  return id
}

/** Up to an hour, the same for a name each time. Milliseconds. */
function minutesOf(name: string): number {
  return ([...name].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % 60) * 60_000
}
