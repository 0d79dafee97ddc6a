import type { Database } from '@roster/db'
import { type Actor, refuse, type UserDetail, visibleScope } from '@roster/domain'

/**
 * All details of a user's page. Includes only workspaces within the actor's visibility, and no secret. The policy has
 * allowed the read.
 */
export async function userDetail(prisma: Database['prisma'], actor: Actor, userId: string): Promise<UserDetail> {
  const now = new Date()
  const workspaces = visibleScope(actor, 'workspace')
  const current = { OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] }
  const user = await prisma.user.findUnique({
    where: { id: userId, status: { not: 'deleted' } },
    select: {
      id: true,
      organizationId: true,
      username: true,
      displayName: true,
      about: true,
      role: true,
      status: true,
      dailyLimit: true,
      language: true,
      theme: true,
      version: true,
      editedAt: true,
      editedById: true,
      createdById: true,
      createdAt: true,
      lastSeenAt: true,
      secondFactor: true,
      passwordChangeRequired: true,
      passwordSetAt: true,
      organization: { select: { name: true, timeZone: true } },
      members: {
        where: {
          ...current,
          ...(workspaces.kind === 'assigned'
            ? { workspace: { members: { some: { userId: workspaces.userId, ...current } } } }
            : {}),
        },
        select: {
          expiresAt: true,
          workspace: {
            select: {
              id: true,
              name: true,
              archivedAt: true,
              members: { where: { userId: actor.id, ...current }, select: { userId: true } },
            },
          },
        },
        orderBy: { workspace: { nameKey: 'asc' } },
      },
      _count: {
        select: { sessions: { where: { endedAt: null, expiresAt: { gt: now }, absoluteEndAt: { gt: now } } } },
      },
    },
  })
  if (!user || user.username === null || user.status === 'deleted') throw refuse('NOT_FOUND', { what: 'user' })
  // Users outside the reader's visibility are not named, such as an administrator of another organization.
  const within = visibleScope(actor, 'user').kind === 'instance' ? {} : { organizationId: actor.organizationId }
  const users = await prisma.user.findMany({
    where: { id: { in: [user.editedById, user.createdById].filter((id) => id !== null) }, ...within },
    select: { id: true, username: true },
  })
  const findUser = (id: string | null) => users.find((author) => author.id === id) ?? null
  return {
    id: user.id,
    organizationId: user.organizationId,
    organizationName: user.organization.name,
    timeZone: user.organization.timeZone,
    username: user.username,
    displayName: user.displayName,
    about: user.about,
    role: user.role,
    status: user.status,
    dailyLimit: user.dailyLimit,
    language: user.language,
    theme: user.theme,
    version: user.version,
    editedAt: user.editedAt?.toISOString() ?? null,
    editedBy: findUser(user.editedById),
    createdBy: findUser(user.createdById),
    createdAt: user.createdAt.toISOString(),
    lastSeenAt: user.lastSeenAt?.toISOString() ?? null,
    secondFactor: user.secondFactor,
    passwordChangeRequired: user.passwordChangeRequired,
    hasPassword: user.passwordSetAt !== null,
    workspaces: user.members.map(({ expiresAt, workspace: { members, archivedAt, ...workspace } }) => ({
      ...workspace,
      archivedAt: archivedAt?.toISOString() ?? null,
      assigned: members.length > 0,
      expiresAt: expiresAt?.toISOString() ?? null,
    })),
    openSessions: user._count.sessions,
  }
}
