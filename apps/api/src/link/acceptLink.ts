import {
  claimLink,
  commit,
  endSessions,
  findLink,
  lockLink,
  lockSigningInUser,
  type OpenLink,
  readSecurity,
  setOwnPassword,
  system,
  type Transaction,
} from '@roster/db'
import {
  type Actor,
  decide,
  decideGrant,
  type LinkInspected,
  NETWORKS_OF,
  refuse,
  type SignInAnswer,
  userRelation,
} from '@roster/domain'
import { requireNetwork } from '../call/authenticated.ts'
import type { Context } from '../call/context.ts'
import { hashPassword } from '../password/hash.ts'
import { validatePassword } from '../password/validate.ts'
import { consumeSecretAttempt, refundAttempts, refundIfBusy } from '../rateLimit/signInAttempts.ts'
import { networkOf } from '../security/network.ts'
import { hashToken } from '../session/adapter.ts'
import { setChallengeCookie } from '../session/challengeCookie.ts'
import { awaitSecondFactor } from '../session/completeSignIn.ts'
import { createSession, issueSessionCookie } from '../session/createSession.ts'
import { deviceName } from '../session/device.ts'

/**
 * Whether a link's creator could still create it, because they outrank the owner. For the first link of a new user, the
 * permission to create that user is enough: a manager also creates managers. Promoting a user revokes such links
 * (`revokeOutgrownLinks`).
 */
function creatorMayCreate({ owner, first }: OpenLink, creator: Actor): boolean {
  if (decide(creator, 'user.createLink', owner).allowed) return true
  return (
    first &&
    userRelation(creator, owner) !== undefined &&
    decide(creator, 'user.create').allowed &&
    decideGrant(creator, owner.role).allowed
  )
}

/**
 * Finds a token's link. It is valid only while its creator could still create it: otherwise a manager who kept a token
 * could take over an account that was promoted later. @throws INVALID_LINK
 */
async function findValidLink(tx: Pick<Transaction, '$queryRaw'>, token: string): Promise<OpenLink> {
  const link = await findLink(tx, hashToken(token))
  if (!link || link.creator === 'inactive') throw refuse('INVALID_LINK', {})
  if (link.creator && !creatorMayCreate(link, link.creator)) throw refuse('INVALID_LINK', {})
  return link
}

/**
 * Returns the username and expiry of a link, without consuming it.
 * @throws INVALID_LINK, for every reason alike;
 * TOO_MANY_ATTEMPTS
 */
export async function inspectLink(ctx: Context, token: string): Promise<LinkInspected> {
  const { db } = ctx.services
  const attempts = await consumeSecretAttempt(ctx.services, 'link', ctx.address)
  const { username, expiresAt } = await findValidLink(db.prisma, token)
  const { passwordMin } = await readSecurity(db.prisma)
  await system(db, (tx) => refundAttempts(tx, attempts), networkOf(ctx.address))
  return { username, expiresAt: expiresAt.toISOString(), passwordMin }
}

/**
 * Sets the owner's password by a one-time link and signs in. The link replaces the password only, so a second factor is
 * still asked for. One of many concurrent requests succeeds. @throws INVALID_LINK, TOO_MANY_ATTEMPTS,
 * NETWORK_NOT_ALLOWED, PASSWORD_COMMON, PASSWORD_IS_USERNAME
 */
export async function acceptLink(ctx: Context, token: string, password: string): Promise<SignInAnswer> {
  const { db } = ctx.services
  const attempts = await consumeSecretAttempt(ctx.services, 'link', ctx.address)
  const preview = await findValidLink(db.prisma, token)
  const policies = await readSecurity(db.prisma)
  const networks = policies[NETWORKS_OF[preview.owner.role]]
  requireNetwork(networks.length > 0 ? networks : null, ctx.address)
  await validatePassword(policies, password, preview.username)
  const hash = await refundIfBusy(ctx.services, attempts, () => hashPassword(password))
  const outcome = await commit(ctx.services, { key: networkOf(ctx.address) }, async ({ tx, record }) => {
    await lockLink(tx, hashToken(token))
    const { id: linkId, owner, username } = await findValidLink(tx, token)
    if (!(await claimLink(tx, linkId))) throw refuse('INVALID_LINK', {})
    await setOwnPassword(tx, owner.id, hash)
    await endSessions(tx, [owner.id], 'password-changed', { endedById: owner.id })
    await refundAttempts(tx, attempts)
    const by = {
      actorId: owner.id,
      actorName: username,
      through: 'link',
      throughId: linkId,
      address: ctx.address,
    } as const
    const after = { device: deviceName(ctx.req.headers['user-agent']) }
    const entry = {
      organizationId: owner.organizationId,
      targetKind: 'user',
      targetId: owner.id,
      targetName: username,
      after,
    } as const
    record(by, 'link.accept', entry)
    const signingIn = await lockSigningInUser(tx, owner.id)
    return signingIn?.secondFactor ? awaitSecondFactor(tx, signingIn) : createSession(ctx, tx, owner.id)
  })
  if (!('needed' in outcome)) return issueSessionCookie(ctx, outcome)
  setChallengeCookie(ctx, outcome.token)
  return outcome.needed
}
