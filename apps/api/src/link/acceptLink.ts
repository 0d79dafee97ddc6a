import {
  claimLink,
  endSessions,
  findLink,
  inTransaction,
  lockEntrant,
  lockLink,
  type OpenLink,
  readSecurity,
  recordChange,
  setOwnPassword,
  type Transaction,
} from '@roster/db'
import { type Actor, decide, decideGrant, INVALIDATES, type LinkInspected, NETWORKS_OF, refuse, type SignInAnswer, userRelation } from '@roster/domain'
import { networkOf } from '../address.ts'
import { requireNetwork } from '../call/authenticated.ts'
import type { Context } from '../context.ts'
import { hashPassword } from '../password/hash.ts'
import { validatePassword } from '../password/validate.ts'
import { consumeSecretAttempt, refundAttempts, refundIfBusy } from '../rateLimit/signInAttempts.ts'
import { hashToken } from '../session/adapter.ts'
import { setChallengeCookie } from '../session/challengeCookie.ts'
import { wait } from '../session/completeSignIn.ts'
import { createSession, issueSessionCookie } from '../session/createSession.ts'
import { deviceName } from '../session/device.ts'

/**
 * Whether a link's maker could still make it: by outranking its owner; or, of somebody they made with it and who never had a password, by being able to
 * make them so. (A manager makes managers, too. Whoever is given a higher role later leaves such links behind: `revokeOutgrownLinks`.)
 */
function creatorMayCreate({ owner, first }: OpenLink, maker: Actor): boolean {
  if (decide(maker, 'user.createLink', owner).allowed) return true
  return first && userRelation(maker, owner) !== undefined && decide(maker, 'user.create').allowed && decideGrant(maker, owner.role).allowed
}

/**
 * The link of a token, if it stands: whoever made it could make it now. Else it would let in somebody who knew the token before its owner
 * was given a higher role. @throws INVALID_LINK
 */
async function findValidLink(tx: Pick<Transaction, '$queryRaw'>, token: string): Promise<OpenLink> {
  const link = await findLink(tx, hashToken(token))
  if (!link || link.maker === 'gone') throw refuse('INVALID_LINK', {})
  if (link.maker && !creatorMayCreate(link, link.maker)) throw refuse('INVALID_LINK', {})
  return link
}

/** Whose link it is. @throws INVALID_LINK for whatever reason, TOO_MANY_ATTEMPTS */
export async function inspectLink(ctx: Context, token: string): Promise<LinkInspected> {
  const { db } = ctx.services
  const attempts = await consumeSecretAttempt(ctx.services, 'link', ctx.address)
  const { username, expiresAt } = await findValidLink(db.prisma, token)
  const { passwordMin } = await readSecurity(db.prisma)
  await inTransaction(db.prisma, (tx) => refundAttempts(tx, attempts), networkOf(ctx.address))
  return { username, expiresAt: expiresAt.toISOString(), passwordMin }
}

/**
 * Set one's password by a one-time link and sign in, but for a second factor: the link stands for the password alone. Used up exactly once, whatever the parallelism.
 * @throws INVALID_LINK, TOO_MANY_ATTEMPTS, NETWORK_NOT_ALLOWED, PASSWORD_COMMON, PASSWORD_IS_USERNAME
 */
export async function acceptLink(ctx: Context, token: string, password: string): Promise<SignInAnswer> {
  const { db, hub } = ctx.services
  const attempts = await consumeSecretAttempt(ctx.services, 'link', ctx.address)
  const expected = await findValidLink(db.prisma, token)
  const policies = await readSecurity(db.prisma)
  const networks = policies[NETWORKS_OF[expected.owner.role]]
  requireNetwork(networks.length > 0 ? networks : null, ctx.address)
  validatePassword(policies, password, expected.username)
  const hash = await refundIfBusy(ctx.services, attempts, () => hashPassword(password))
  const come = await inTransaction(
    db.prisma,
    async (tx) => {
      await lockLink(tx, hashToken(token))
      const { id: linkId, owner, username } = await findValidLink(tx, token)
      if (!(await claimLink(tx, linkId))) throw refuse('INVALID_LINK', {})
      await setOwnPassword(tx, owner.id, hash)
      await endSessions(tx, [owner.id], 'password-changed', { endedById: owner.id })
      await refundAttempts(tx, attempts)
      const by = { actorId: owner.id, actorName: username, through: 'link', throughId: linkId, address: ctx.address } as const
      const after = { device: deviceName(ctx.req.headers['user-agent']) }
      const entry = { organizationId: owner.organizationId, targetKind: 'user', targetId: owner.id, targetName: username, after } as const
      await recordChange(tx, by, 'link.accept', [entry], INVALIDATES['user.setPassword'])
      const entrant = await lockEntrant(tx, owner.id)
      return entrant?.secondFactor ? wait(tx, entrant) : createSession(ctx, tx, owner.id)
    },
    networkOf(ctx.address),
  )
  hub.wake()
  if (!('needed' in come)) return issueSessionCookie(ctx, come)
  setChallengeCookie(ctx, come.token)
  return come.needed
}
