import { randomUUIDv7 } from 'node:crypto'
import { addToWorkspaces, claimInvitation, commit, insertUser, lockInvitationByToken, readSecurity } from '@roster/db'
import { emptyToNull, type invitationAccept, NETWORKS_OF, refuse, type SessionMe } from '@roster/domain'
import type * as z from 'zod'
import { requireNetwork } from '../call/authenticated.ts'
import type { Context } from '../call/context.ts'
import { hashPassword } from '../password/hash.ts'
import { validatePassword } from '../password/validate.ts'
import { consumeSecretAttempt, refundAttempts, refundIfBusy } from '../rateLimit/signInAttempts.ts'
import { networkOf } from '../security/network.ts'
import { hashToken } from '../session/adapter.ts'
import { createSession, issueSessionCookie } from '../session/createSession.ts'
import { deviceName } from '../session/device.ts'
import { requireUsernameFree, withUniqueUsername } from '../user/create/username.ts'
import { findValidInvitation } from './inspect.ts'

/**
 * Creates an account from an invitation and signs it in; a required second factor is set up next. One transaction
 * consumes the use, checks the inviter's permission again and creates the account, so a refusal keeps the use. Archived
 * workspaces are skipped.
 * @throws INVALID_LINK, TOO_MANY_ATTEMPTS, NETWORK_NOT_ALLOWED, NAME_TAKEN, PASSWORD_TOO_SHORT, PASSWORD_COMMON,
 * PASSWORD_IS_USERNAME, BUSY
 */
export async function acceptInvitation(ctx: Context, input: z.output<typeof invitationAccept>): Promise<SessionMe> {
  const { db } = ctx.services
  const { token, username, displayName, password } = input
  const attempts = await consumeSecretAttempt(ctx.services, 'invitation', ctx.address)
  const preview = await findValidInvitation(db.prisma, token)
  const policies = await readSecurity(db.prisma)
  const networks = policies[NETWORKS_OF[preview.role]]
  requireNetwork(networks.length > 0 ? networks : null, ctx.address)
  await requireUsernameFree(db.prisma, username)
  await validatePassword(policies, password, username)
  const passwordHash = await refundIfBusy(ctx.services, attempts, () => hashPassword(password))
  const session = await commit(ctx.services, { key: networkOf(ctx.address) }, async ({ tx, record }) => {
    await lockInvitationByToken(tx, hashToken(token))
    const { id, organizationId, role, inviter, workspaces } = await findValidInvitation(tx, token)
    if (!(await claimInvitation(tx, id))) throw refuse('INVALID_LINK', {})
    const userId = randomUUIDv7()
    await withUniqueUsername(username, () =>
      insertUser(tx, {
        id: userId,
        organizationId,
        username,
        displayName: emptyToNull(displayName),
        about: null,
        role,
        dailyLimit: null,
        passwordHash,
        passwordChangeRequired: false,
        passwordSetById: null,
        createdById: inviter.id,
      }),
    )
    const workspaceIds = workspaces.filter(({ archived }) => !archived).map((workspace) => workspace.id)
    await addToWorkspaces(tx, { organizationId, userId, addedById: inviter.id }, workspaceIds)
    await refundAttempts(tx, attempts)
    const by = {
      actorId: userId,
      actorName: username,
      through: 'invitation',
      throughId: id,
      address: ctx.address,
    } as const
    const after = { username, role, workspaceIds, device: deviceName(ctx.req.headers['user-agent']) }
    const entry = {
      organizationId,
      targetKind: 'user',
      targetId: userId,
      targetName: username,
      after,
      listedIn: 'now',
    } as const
    record(by, 'invitation.accept', entry)
    return createSession(ctx, tx, userId)
  })
  return issueSessionCookie(ctx, session)
}
