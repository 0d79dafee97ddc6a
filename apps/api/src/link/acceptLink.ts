import { claimLink, endSessions, findLink, inTransaction, recordChange, setPassword } from '@roster/db'
import { type LinkLooked, refuse, type SessionMe } from '@roster/domain'
import type { Context } from '../context.ts'
import { acceptPassword } from '../password/accept.ts'
import { hashPassword } from '../password/hash.ts'
import { hashToken } from '../session/adapter.ts'
import { handOver, openSessionFor } from '../session/open.ts'
import { returnTries, takeSecretTry } from '../throttle/signInTries.ts'

/** Whose link it is. @throws LINK_INVALID for whatever reason, TOO_MANY_TRIES */
export async function lookAtLink(ctx: Context, token: string): Promise<LinkLooked> {
  const { db } = ctx.services
  const tries = await takeSecretTry(ctx.services, 'link', ctx.address)
  const link = await findLink(db.prisma, hashToken(token))
  if (!link) throw refuse('LINK_INVALID', {})
  await inTransaction(db.prisma, (tx) => returnTries(tx, tries))
  return { username: link.username, expiresAt: link.expiresAt.toISOString() }
}

/**
 * Set one's password by a one-time link and sign in: used up exactly once, whatever the parallelism.
 * @throws LINK_INVALID, TOO_MANY_TRIES, PASSWORD_COMMON, PASSWORD_IS_USERNAME
 */
export async function acceptLink(ctx: Context, token: string, password: string): Promise<SessionMe> {
  const { db, hub } = ctx.services
  const tries = await takeSecretTry(ctx.services, 'link', ctx.address)
  const link = await findLink(db.prisma, hashToken(token))
  if (!link) throw refuse('LINK_INVALID', {})
  acceptPassword(password, link.username)
  const hash = await hashPassword(password)
  const opened = await inTransaction(db.prisma, async (tx) => {
    const claimed = await claimLink(tx, hashToken(token))
    if (!claimed) throw refuse('LINK_INVALID', {})
    await setPassword(tx, claimed.userId, hash, { changeRequired: false, setById: null })
    await endSessions(tx, [claimed.userId], 'password-changed', { endedById: claimed.userId })
    await returnTries(tx, tries)
    const by = { actorId: claimed.userId, actorName: link.username, through: 'link', throughId: claimed.id, address: ctx.address } as const
    await recordChange(
      tx,
      by,
      'link.accept',
      [{ organizationId: claimed.organizationId, targetKind: 'user', targetId: claimed.userId, targetName: link.username }],
      ['session', 'user'],
    )
    return openSessionFor(ctx, tx, claimed.userId)
  })
  hub.wake()
  return handOver(ctx, opened)
}
