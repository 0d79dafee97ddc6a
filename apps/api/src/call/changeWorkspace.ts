import { type LockedWorkspace, lockWorkspace, type Transaction } from '@roster/db'
import { type ChangingProcedure, decide, Refused, refuse, visibleScope, type WorkspaceAction } from '@roster/domain'
import type * as z from 'zod'
import { actionOf } from './action.ts'
import { authenticated } from './authenticated.ts'
import { type ChangeContext, type ChangeOptions, runChange } from './change.ts'
import { lockActor } from './lockActor.ts'
import type { WorkspaceProcedure } from './read.ts'

/**
 * A change to one workspace: lock and load it within the actor's visibility, then check the policy once. `share` allows
 * concurrent member updates.
 */
export function changeWorkspace<S extends z.ZodType<{ workspaceId: string }>, O, P = undefined>(
  procedure: ChangingProcedure & WorkspaceProcedure,
  options: ChangeOptions<S, P> & { lock: 'share' | 'update' },
  body: (change: ChangeContext<z.output<S>, P> & { workspace: LockedWorkspace }) => Promise<O>,
) {
  return authenticated(procedure)
    .input(options.input)
    .mutation(({ ctx, input }): Promise<O> => {
      const parsed = input as z.output<S>
      const load = async (tx: Transaction) => {
        const actor = await lockActor(tx, ctx.user, procedure)
        const workspace = await lockWorkspace(
          tx,
          actor.id,
          visibleScope(actor, 'workspace'),
          parsed.workspaceId,
          options.lock,
        )
        if (!workspace) throw refuse('NOT_FOUND', { what: 'workspace' })
        const decision = decide(actor, actionOf<WorkspaceAction>(procedure), workspace)
        if (!decision.allowed) throw new Refused(decision.refusal)
        return { actor, loaded: workspace }
      }
      return runChange(procedure, options, { ...ctx, ctx, input: parsed }, load, (change, workspace) =>
        body({ ...change, workspace }),
      )
    })
}
