import {
  findOrganization,
  findUser,
  findWorkspace,
  type LockedOrganization,
  type LockedUser,
  type LockedWorkspace,
} from '@roster/db'
import {
  type Actor,
  decide,
  type GuardedProcedure,
  type OrganizationAction,
  type PROCEDURE_ACTION,
  Refused,
  refuse,
  type UserAction,
  visibleScope,
  type WorkspaceAction,
} from '@roster/domain'
import type * as z from 'zod'
import type { Services } from '../server/services.ts'
import type { Principal } from '../session/resolveSession.ts'
import { actionOf } from './action.ts'
import { authenticated, requireRole } from './authenticated.ts'

/** The arguments of a read's body. */
export interface ReadContext<Input> {
  services: Services
  actor: Actor
  user: Principal
  input: Input
}

/** Procedures by the target of their action: one user, one workspace, one organization, or the actor's whole scope. */
export type UserProcedure = {
  [P in GuardedProcedure]: (typeof PROCEDURE_ACTION)[P] extends UserAction ? P : never
}[GuardedProcedure]
export type WorkspaceProcedure = {
  [P in GuardedProcedure]: (typeof PROCEDURE_ACTION)[P] extends WorkspaceAction ? P : never
}[GuardedProcedure]
export type OrganizationProcedure = {
  [P in GuardedProcedure]: (typeof PROCEDURE_ACTION)[P] extends OrganizationAction ? P : never
}[GuardedProcedure]
export type ScopeProcedure = Exclude<GuardedProcedure, UserProcedure | WorkspaceProcedure | OrganizationProcedure>

/** A read without a single target. Its body must filter by the actor's visibility. */
export function read<S extends z.ZodType, O>(
  procedure: ScopeProcedure,
  schema: S,
  body: (context: ReadContext<z.output<S>>) => Promise<O>,
) {
  return authenticated(procedure)
    .input(schema)
    .query(({ ctx, input }): Promise<O> => {
      requireRole(ctx.actor, procedure)
      return body({ services: ctx.services, actor: ctx.actor, user: ctx.user, input: input as z.output<S> })
    })
}

/**
 * Loads one user without a lock, within the actor's visibility, and checks the policy.
 * @throws NOT_FOUND,
 * TARGET_NOT_ALLOWED
 */
export async function findPermittedUser(
  { db }: Services,
  actor: Actor,
  procedure: UserProcedure,
  userId: string,
): Promise<LockedUser> {
  const target = await findUser(db.prisma, visibleScope(actor, 'user'), userId)
  if (!target) throw refuse('NOT_FOUND', { what: 'user' })
  const decision = decide(actor, actionOf<UserAction>(procedure), target)
  if (!decision.allowed) throw new Refused(decision.refusal)
  return target
}

/** A read of one user, loaded within the actor's visibility and checked by the policy. */
export function readUser<S extends z.ZodType<{ userId: string }>, O>(
  procedure: UserProcedure,
  schema: S,
  body: (context: ReadContext<z.output<S>> & { target: LockedUser }) => Promise<O>,
) {
  return authenticated(procedure)
    .input(schema)
    .query(async ({ ctx, input }): Promise<O> => {
      requireRole(ctx.actor, procedure)
      const parsed = input as z.output<S>
      const target = await findPermittedUser(ctx.services, ctx.actor, procedure, parsed.userId)
      return body({ services: ctx.services, actor: ctx.actor, user: ctx.user, input: parsed, target })
    })
}

/** A read of one workspace, loaded within the actor's visibility and checked by the policy. */
export function readWorkspace<S extends z.ZodType<{ workspaceId: string }>, O>(
  procedure: WorkspaceProcedure,
  schema: S,
  body: (context: ReadContext<z.output<S>> & { workspace: LockedWorkspace }) => Promise<O>,
) {
  return authenticated(procedure)
    .input(schema)
    .query(async ({ ctx, input }): Promise<O> => {
      requireRole(ctx.actor, procedure)
      const parsed = input as z.output<S>
      const workspace = await findWorkspace(
        ctx.services.db.prisma,
        ctx.actor.id,
        visibleScope(ctx.actor, 'workspace'),
        parsed.workspaceId,
      )
      if (!workspace) throw refuse('NOT_FOUND', { what: 'workspace' })
      const decision = decide(ctx.actor, actionOf<WorkspaceAction>(procedure), workspace)
      if (!decision.allowed) throw new Refused(decision.refusal)
      return body({ services: ctx.services, actor: ctx.actor, user: ctx.user, input: parsed, workspace })
    })
}

/** A read of one organization, loaded within the actor's visibility and checked by the policy. */
export function readOrganization<S extends z.ZodType<{ organizationId: string }>, O>(
  procedure: OrganizationProcedure,
  schema: S,
  body: (context: ReadContext<z.output<S>> & { organization: LockedOrganization }) => Promise<O>,
) {
  return authenticated(procedure)
    .input(schema)
    .query(async ({ ctx, input }): Promise<O> => {
      requireRole(ctx.actor, procedure)
      const parsed = input as z.output<S>
      const organization = await findOrganization(
        ctx.services.db.prisma,
        visibleScope(ctx.actor, 'user'),
        parsed.organizationId,
      )
      if (!organization) throw refuse('NOT_FOUND', { what: 'organization' })
      const decision = decide(ctx.actor, actionOf<OrganizationAction>(procedure), organization)
      if (!decision.allowed) throw new Refused(decision.refusal)
      return body({ services: ctx.services, actor: ctx.actor, user: ctx.user, input: parsed, organization })
    })
}
