import { endSession, type LockedUser, listEndedSessions, listSessions, type Transaction } from '@roster/db'
import { type Actor, refuse, type UserSessions, visibleScope } from '@roster/domain'
import type { ChangeContext } from '../../call/change.ts'
import type { Services } from '../../server/services.ts'
import { loadNames } from '../bulk/loadNames.ts'

/**
 * A user's sessions for a reader who may end them; `currentId` is the reader's own. Names who ended one only within the
 * reader's visibility.
 */
export async function userSessions(
  { db }: Services,
  actor: Actor,
  userId: string,
  currentId: string,
): Promise<UserSessions> {
  const scope = visibleScope(actor, 'user')
  // Sessions from before a move belong to the old organization.
  const within = scope.kind === 'instance' ? null : actor.organizationId
  const [open, ended] = await Promise.all([
    listSessions(db.prisma, userId),
    listEndedSessions(db.prisma, userId, within),
  ])
  const endedBy = ended.map(({ endedById }) => endedById)
  const names = await loadNames(db.prisma, scope, endedBy)
  return {
    open: open.map((row) => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
      current: row.id === currentId,
    })),
    ended: ended.map(({ endedById, ...row }) => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
      endedAt: row.endedAt.toISOString(),
      endedBy: endedById === null || endedById === userId ? null : (names.get(endedById) ?? null),
    })),
  }
}

/** Ends one session of another user. An ended session stays unchanged. @throws NOT_FOUND (session) */
export async function endUserSession({
  tx,
  actor,
  target,
  input,
  record,
}: ChangeContext<{ userId: string; sessionId: string }> & { target: LockedUser }): Promise<{ ended: number }> {
  if (!(await hasSession(tx, target.id, input.sessionId))) throw refuse('NOT_FOUND', { what: 'session' })
  const ended = await endSession(tx, { userId: target.id, sessionId: input.sessionId }, 'ended-by-other', actor.id)
  if (!ended) return { ended: 0 }
  const { id, organizationId, username } = target
  record({
    organizationId,
    targetKind: 'user',
    targetId: id,
    targetName: username,
    after: { sessions: [input.sessionId] },
  })
  return { ended: 1 }
}

async function hasSession(tx: Transaction, userId: string, sessionId: string): Promise<boolean> {
  return (await tx.session.findFirst({ where: { id: sessionId, userId }, select: { id: true } })) !== null
}
