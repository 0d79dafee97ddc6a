import { randomUUIDv7 } from 'node:crypto'
import {
  type AuditActor,
  commit,
  type Database,
  hasUsers,
  lockInstance,
  nameKeys,
  type Unit,
  userNameKeys,
} from '@roster/db'
import { type DemoUser, ORGANIZATION, USERS } from './users.ts'
import { WORKSPACES, type WorkspaceKey } from './workspaces.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const MINUTE = 60_000

type SeededUser = DemoUser & { id: string }

/**
 * Fills an empty instance with the demo organization. Its users have no passwords yet. Does nothing if there are users.
 */
export async function seedDemo(db: Database): Promise<void> {
  const now = Date.now()
  await commit({ db }, {}, async (unit) => {
    const { tx } = unit
    await lockInstance(tx)
    if (await hasUsers(tx)) return
    const organizationId = randomUUIDv7()
    await tx.organization.create({
      data: {
        id: organizationId,
        name: ORGANIZATION,
        ...nameKeys(ORGANIZATION),
        timeZone: 'Europe/Copenhagen',
        createdAt: new Date(now - 545 * DAY),
      },
      select: { id: true },
    })
    await tx.instance.update({
      where: { id: 1 },
      data: {
        setupCodeHash: null,
        setUpAt: new Date(now - 545 * DAY),
        namedAt: new Date(now - 545 * DAY),
        name: 'Northwind AI',
      },
      select: { id: true },
    })
    const users = USERS.map((user) => ({ id: randomUUIDv7(), ...user }))
    const workspaceIds = await seedWorkspaces(unit, organizationId, firstUser(users), now)
    await seedUsers(unit, organizationId, users, workspaceIds, now)
  })
}

/** The administrator who set up the instance and created its workspaces. */
function firstUser(users: readonly SeededUser[]): SeededUser {
  const [first] = users
  if (first === undefined) throw new Error('the demo has no users')
  return first
}

function sessionActor({ id, username }: SeededUser): AuditActor {
  return { actorId: id, actorName: username, through: 'session', throughId: null, address: null }
}

async function seedWorkspaces(
  { tx, record }: Unit,
  organizationId: string,
  creator: SeededUser,
  now: number,
): Promise<ReadonlyMap<string, string>> {
  const rows = Object.entries(WORKSPACES).map(([key, workspace]) => ({
    id: randomUUIDv7(),
    key,
    archivedDaysAgo: undefined,
    ...workspace,
  }))
  await tx.workspace.createMany({
    data: rows.map(({ id, name, createdDaysAgo, archivedDaysAgo }) => ({
      id,
      organizationId,
      name,
      createdById: creator.id,
      ...nameKeys(name),
      createdAt: new Date(now - createdDaysAgo * DAY),
      archivedAt: archivedDaysAgo === undefined ? null : new Date(now - archivedDaysAgo * DAY),
    })),
  })
  const entries = rows.map(
    ({ id, name }) =>
      ({
        organizationId,
        targetKind: 'workspace',
        targetId: id,
        targetName: name,
        workspaceId: id,
        after: { name },
      }) as const,
  )
  record(sessionActor(creator), 'workspace.create', ...entries)
  return new Map(rows.map(({ key, id }) => [key, id]))
}

async function seedUsers(
  { tx, record }: Unit,
  organizationId: string,
  users: readonly SeededUser[],
  workspaceIds: ReadonlyMap<string, string>,
  now: number,
): Promise<void> {
  const rows = users.map((user) => ({ ...user, creator: creatorOf(user, users) }))
  await tx.user.createMany({
    data: rows.map(
      ({ id, username, displayName, role, about, joinedDaysAgo, seenHoursAgo, suspended, dailyLimit, creator }) => ({
        id,
        organizationId,
        username,
        displayName,
        ...userNameKeys(username, displayName),
        role,
        about,
        dailyLimit,
        status: suspended ? ('suspended' as const) : ('active' as const),
        createdById: creator?.id ?? null,
        // Minutes differ, as they do for users that an administrator created by hand.
        createdAt: new Date(now - joinedDaysAgo * DAY - minutesOf(username)),
        lastSeenAt: seenHoursAgo === null ? null : new Date(now - seenHoursAgo * HOUR - minutesOf(username)),
      }),
    ),
  })
  const memberships = rows.flatMap((user) =>
    user.workspaces.map((key) => ({ user, workspaceId: workspaceIdOf(workspaceIds, key) })),
  )
  await tx.member.createMany({
    data: memberships.map(({ user, workspaceId }) => ({
      organizationId,
      workspaceId,
      userId: user.id,
      addedAt: new Date(now - user.joinedDaysAgo * DAY + HOUR),
      addedById: adderOf(memberships, workspaceId, user),
    })),
  })
  for (const creator of new Set(rows.flatMap((row) => row.creator ?? []))) {
    const created = rows.filter((row) => row.creator === creator)
    const entries = created.map(
      ({ id, username, role }) =>
        ({
          organizationId,
          targetKind: 'user',
          targetId: id,
          targetName: username,
          after: { username, role },
        }) as const,
    )
    record(sessionActor(creator), 'user.create', ...entries)
  }
}

/**
 * A manager of one of the user's workspaces who joined earlier, else the first administrator. The first administrator
 * has no creator.
 */
function creatorOf(user: SeededUser, users: readonly SeededUser[]): SeededUser | undefined {
  const earlier = users.filter(({ joinedDaysAgo }) => joinedDaysAgo > user.joinedDaysAgo)
  const manager =
    user.role === 'default'
      ? earlier.find(
          ({ role, workspaces }) =>
            role === 'manager' && workspaces.some((key) => key !== 'company' && user.workspaces.includes(key)),
        )
      : undefined
  return manager ?? earlier.find(({ role }) => role === 'administrator')
}

/** A manager or administrator who was in the workspace before the user; null for its first members. */
function adderOf(
  memberships: readonly { user: SeededUser; workspaceId: string }[],
  workspaceId: string,
  { joinedDaysAgo }: SeededUser,
): string | null {
  const earlier = memberships.filter(
    (membership) => membership.workspaceId === workspaceId && membership.user.joinedDaysAgo > joinedDaysAgo,
  )
  return earlier.find(({ user }) => user.role !== 'default')?.user.id ?? null
}

function workspaceIdOf(ids: ReadonlyMap<string, string>, key: WorkspaceKey): string {
  const id = ids.get(key)
  if (id === undefined) throw new Error(`the demo has no workspace ${key}`)
  return id
}

/** A duration of up to an hour that depends on the name alone. Milliseconds. */
function minutesOf(name: string): number {
  return ([...name].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % 60) * MINUTE
}
