import { type Actor, visibleScope } from '@roster/domain'
import { useSession } from '../session/session.store.ts'
import { useChosenOrganization } from './chosenOrganization.store.ts'

/** Whether the actor can see other organizations than their own. */
export function canChooseOrganization(actor: Actor): boolean {
  return visibleScope(actor, 'user').kind === 'instance'
}

/** The organization of a new user, workspace, invitation or import: the chosen one, otherwise the actor's own. */
export function useDefaultOrganization(): () => string {
  const session = useSession()
  const chosen = useChosenOrganization()
  return () => (canChooseOrganization(session.actor) ? chosen.id : null) ?? session.actor.organizationId
}
