import { type LockedWorkspace, lockWorkspace, type Transaction } from '@roster/db'
import { type ChangingProcedure, decide, Refused, refuse, visibleScope, type WorkspaceAction } from '@roster/domain'
import type * as z from 'zod'
import { actionOf } from './action.ts'
import { authenticated } from './authenticated.ts'
import { type Changing, type Options, runChange } from './change.ts'
import { hold } from './lockActor.ts'
import type { WorkspaceProcedure } from './read.ts'

/** A change to one workspace: locked (`share` lets saves of its members go side by side), loaded once within the visible scope, asked once, handed on. */
export function changeWorkspace<S extends z.ZodType<{ workspaceId: string }>, O, P = undefined>(
  procedure: ChangingProcedure & WorkspaceProcedure,
  options: Options<S, P> & { lock: 'share' | 'update' },
  body: (changing: Changing<z.output<S>, P> & { workspace: LockedWorkspace }) => Promise<O>,
) {
  return authenticated(procedure)
    .input(options.input)
    .mutation(({ ctx, input }): Promise<O> => {
      const parsed = input as z.output<S>
      const load = async (tx: Transaction) => {
        const actor = await hold(tx, ctx.user, procedure)
        const workspace = await lockWorkspace(tx, actor.id, visibleScope(actor, 'workspace'), parsed.workspaceId, options.lock)
        if (!workspace) throw refuse('NOT_FOUND', { what: 'workspace' })
        const decision = decide(actor, actionOf<WorkspaceAction>(procedure), workspace)
        if (!decision.allowed) throw new Refused(decision.refusal)
        return { actor, loaded: workspace }
      }
      return runChange(procedure, options, { ...ctx, ctx, input: parsed }, load, (changing, workspace) => body({ ...changing, workspace }))
    })
}
