import { findInvitation, type OpenInvitation, readSecurity, system, type Transaction } from '@roster/db'
import { decideInvitation, type InvitationInspected, refuse } from '@roster/domain'
import type { Context } from '../call/context.ts'
import { consumeSecretAttempt, refundAttempts } from '../rateLimit/signInAttempts.ts'
import { networkOf } from '../security/network.ts'
import { hashToken } from '../session/adapter.ts'

/** A valid invitation: its inviter could still create it. */
export type ValidInvitation = OpenInvitation & { inviter: NonNullable<OpenInvitation['inviter']> }

/**
 * Finds a token's invitation. It is valid only while its inviter could still create it.
 * @throws INVALID_LINK, for
 * every reason alike
 */
export async function findValidInvitation(tx: Pick<Transaction, '$queryRaw'>, token: string): Promise<ValidInvitation> {
  const invitation = await findInvitation(tx, hashToken(token))
  const inviter = invitation?.inviter
  if (!invitation || !inviter || !decideInvitation(inviter, invitation).allowed) throw refuse('INVALID_LINK', {})
  return { ...invitation, inviter }
}

/**
 * Returns what an invitation grants, and its inviter's name.
 * @throws INVALID_LINK, for every reason alike;
 * TOO_MANY_ATTEMPTS
 */
export async function inspectInvitation(ctx: Context, token: string): Promise<InvitationInspected> {
  const { db } = ctx.services
  const attempts = await consumeSecretAttempt(ctx.services, 'invitation', ctx.address)
  const { organizationName, role, inviter, workspaces, expiresAt } = await findValidInvitation(db.prisma, token)
  const { passwordMin } = await readSecurity(db.prisma)
  await system(db, (tx) => refundAttempts(tx, attempts), networkOf(ctx.address))
  const names = workspaces.filter(({ archived }) => !archived).map(({ name }) => name)
  return {
    organizationName,
    role,
    invitedBy: inviter.name,
    workspaces: names,
    expiresAt: expiresAt.toISOString(),
    passwordMin,
  }
}
