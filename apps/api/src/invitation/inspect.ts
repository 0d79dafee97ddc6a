import { findInvitation, inTransaction, type OpenInvitation, readSecurity, type Transaction } from '@roster/db'
import { decideInvitation, type InvitationInspected, refuse } from '@roster/domain'
import { networkOf } from '../address.ts'
import type { Context } from '../context.ts'
import { consumeSecretAttempt, refundAttempts } from '../rateLimit/signInAttempts.ts'
import { hashToken } from '../session/adapter.ts'

/** An invitation that stands: whoever gave it could give it now. */
export type ValidInvitation = OpenInvitation & { inviter: NonNullable<OpenInvitation['inviter']> }

/** The invitation of a token, if it stands. It dies with the right to give it, whenever that is lost. @throws INVALID_LINK for whatever reason */
export async function findValidInvitation(tx: Pick<Transaction, '$queryRaw'>, token: string): Promise<ValidInvitation> {
  const invitation = await findInvitation(tx, hashToken(token))
  const inviter = invitation?.inviter
  if (!invitation || !inviter || !decideInvitation(inviter, invitation).allowed) throw refuse('INVALID_LINK', {})
  return { ...invitation, inviter }
}

/** Into what somebody is invited, and by whom. @throws INVALID_LINK for whatever reason, TOO_MANY_ATTEMPTS */
export async function inspectInvitation(ctx: Context, token: string): Promise<InvitationInspected> {
  const { db } = ctx.services
  const attempts = await consumeSecretAttempt(ctx.services, 'invitation', ctx.address)
  const { organizationName, role, inviter, workspaces, expiresAt } = await findValidInvitation(db.prisma, token)
  const { passwordMin } = await readSecurity(db.prisma)
  await inTransaction(db.prisma, (tx) => refundAttempts(tx, attempts), networkOf(ctx.address))
  const names = workspaces.filter(({ archived }) => !archived).map(({ name }) => name)
  return { organizationName, role, invitedBy: inviter.name, workspaces: names, expiresAt: expiresAt.toISOString(), passwordMin }
}
