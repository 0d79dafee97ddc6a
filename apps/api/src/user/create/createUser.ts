import { randomUUIDv7 } from 'node:crypto'
import {
  addToWorkspaces,
  findOrganization,
  findUserRow,
  insertUser,
  lockOrganization,
  lockWorkspacesToJoin,
  passwordRules,
} from '@roster/db'
import {
  type Actor,
  authorize,
  refuse,
  type Scope,
  type UserCreated,
  type userCreate,
  visibleScope,
} from '@roster/domain'
import type * as z from 'zod'
import { principalActor } from '../../call/authenticated.ts'
import type { ChangeContext } from '../../call/change.ts'
import type { Context } from '../../call/context.ts'
import { createLink } from '../../link/createLink.ts'
import { hashPassword } from '../../password/hash.ts'
import { validateFirstPassword, validatePassword } from '../../password/validate.ts'
import type { Principal } from '../../session/resolveSession.ts'
import { consumeNameAttempt, refundNameAttempt, requireUsernameFree, withUniqueUsername } from './username.ts'

type Input = z.output<typeof userCreate>

/**
 * The organization of the new user, if the actor may grant the role there.
 * @throws NOT_FOUND (organization),
 * CANNOT_GRANT
 */
async function requireTargetOrganization(
  find: (scope: Scope, id: string) => Promise<{ id: string } | undefined>,
  actor: Actor,
  input: Input,
): Promise<string> {
  const organization = await find(visibleScope(actor, 'user'), input.organizationId ?? actor.organizationId)
  if (!organization) throw refuse('NOT_FOUND', { what: 'organization' })
  authorize(actor, 'role.grant', input.role)
  return organization.id
}

/**
 * Validates the input, consumes an attempt at the username and hashes the password, before the transaction. Returns the
 * hash, or null for a link.
 * @throws all of `createUser`; TOO_MANY_ATTEMPTS, FIRST_CHANGE_REQUIRED, PASSWORD_TOO_SHORT, PASSWORD_COMMON,
 * PASSWORD_IS_USERNAME, BUSY
 */
export async function prepareCreate(input: Input, ctx: Context, user: Principal): Promise<string | null> {
  const { prisma } = ctx.services.db
  const actor = principalActor(user)
  const organizationId = await requireTargetOrganization(
    (scope, id) => findOrganization(prisma, scope, id),
    actor,
    input,
  )
  await consumeNameAttempt(ctx.services, user.userId)
  await requireUsernameFree(prisma, input.username)
  if (input.credential.kind === 'password') {
    const rules = await passwordRules(prisma)
    validateFirstPassword(rules, input.credential.changeRequired)
    await validatePassword(rules, input.credential.password, input.username)
  }
  await lockWorkspacesToJoin(prisma, visibleScope(actor, 'workspace'), organizationId, input.workspaceIds ?? [])
  return input.credential.kind === 'link' ? null : hashPassword(input.credential.password)
}

/**
 * Creates a user with their workspaces, and a one-time link when there is no password.
 * @throws NOT_FOUND (organization), CANNOT_GRANT, NAME_TAKEN, UNKNOWN_IDS and WORKSPACE_ARCHIVED (workspaces)
 */
export async function createUser({
  tx,
  ctx,
  actor,
  input,
  prepared: passwordHash,
  record,
}: ChangeContext<Input, string | null>): Promise<UserCreated> {
  const organizationId = await requireTargetOrganization(
    (scope, id) => lockOrganization(tx, scope, id, 'share'),
    actor,
    input,
  )
  const userId = randomUUIDv7()
  await withUniqueUsername(input.username, () =>
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
  const workspaceIds = input.workspaceIds ?? []
  await lockWorkspacesToJoin(tx, visibleScope(actor, 'workspace'), organizationId, workspaceIds)
  await addToWorkspaces(tx, { organizationId, userId, addedById: actor.id }, workspaceIds)
  const link = passwordHash === null ? await createLink(tx, userId, organizationId, actor.id) : null
  await refundNameAttempt(ctx.services, tx, actor.id)
  record({
    organizationId,
    targetKind: 'user',
    targetId: userId,
    targetName: input.username,
    after: { username: input.username, role: input.role, dailyLimit: input.dailyLimit ?? null, workspaceIds },
    listedIn: 'now',
  })
  const user = await findUserRow(tx, actor, userId)
  return { user, link: link && { path: link.path, expiresAt: link.expiresAt } }
}
