import { randomUUIDv7 } from 'node:crypto'
import { insertMembers, insertUser, type SessionUser, userRow, workspacesToJoin } from '@roster/db'
import { decideGrant, Refused, refuse, type UserCreated, type userCreate, visible } from '@roster/domain'
import type * as z from 'zod'
import type { Changing } from '../call/change.ts'
import type { Context } from '../context.ts'
import { makeLink } from '../link/makeLink.ts'
import { acceptPassword } from '../password/accept.ts'
import { hashPassword } from '../password/hash.ts'
import { nameWasFree, orNameTaken, takeNameTry } from './username.ts'

type Input = z.output<typeof userCreate>

/** Before the transaction: the try at a name is counted, the password looked at and hashed. */
export async function prepareCreate(input: Input, ctx: Context, user: SessionUser): Promise<string | null> {
  await takeNameTry(ctx.services, user.userId)
  if (input.credential.kind === 'link') return null
  acceptPassword(input.credential.password, input.username)
  return hashPassword(input.credential.password)
}

/**
 * Create a user with their workspaces, and a one-time link when there is no password.
 * @throws CANNOT_GRANT, NOT_FOUND (organization), UNKNOWN_IDS and WORKSPACE_ARCHIVED (workspaces), NAME_TAKEN
 */
export async function createUser({ tx, ctx, actor, input, prepared: passwordHash, done }: Changing<Input, string | null>): Promise<UserCreated> {
  const grant = decideGrant(actor, input.role)
  if (!grant.allowed) throw new Refused(grant.refusal)
  const organizationId = input.organizationId ?? actor.organizationId
  if (visible(actor, 'user').kind !== 'instance' && organizationId !== actor.organizationId) throw refuse('NOT_FOUND', { what: 'organization' })
  const [organization] = await tx.$queryRaw<{ status: string }[]>`SELECT "status" FROM "organization" WHERE "id" = ${organizationId}::uuid FOR KEY SHARE`
  if (!organization) throw refuse('NOT_FOUND', { what: 'organization' })
  const workspaceIds = input.workspaceIds ?? []
  const workspaces = await workspacesToJoin(tx, visible(actor, 'workspace'), organizationId, workspaceIds)
  const userId = randomUUIDv7()
  await orNameTaken(input.username, () =>
    insertUser(tx, {
      id: userId,
      organizationId,
      username: input.username,
      displayName: input.displayName || null,
      about: input.about || null,
      role: input.role,
      dailyLimit: input.dailyLimit ?? null,
      passwordHash,
      passwordChangeRequired: input.credential.kind === 'password' && input.credential.changeRequired,
      passwordSetById: passwordHash ? actor.id : null,
      createdById: actor.id,
    }),
  )
  for (const workspace of workspaces) await insertMembers(tx, { organizationId, workspaceId: workspace.id, addedById: actor.id }, [userId])
  const link = passwordHash === null ? await makeLink(tx, userId, organizationId, actor.id) : null
  await nameWasFree(ctx.services, tx, actor.id)
  done({
    organizationId,
    targetKind: 'user',
    targetId: userId,
    targetName: input.username,
    after: { username: input.username, role: input.role, dailyLimit: input.dailyLimit ?? null, workspaceIds },
  })
  const user = await userRow(tx, actor, userId)
  return { user, link: link && { path: link.path, expiresAt: link.expiresAt } }
}
