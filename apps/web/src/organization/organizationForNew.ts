import { type Actor, visibleScope } from '@roster/domain'
import { useSession } from '../session/session.store.ts'
import { useChosenOrganization } from './chosenOrganization.store.ts'

/** Whether somebody's scope holds more than their own organization, so that there is one to be chosen. */
export function choosesOrganization(actor: Actor): boolean {
  return visibleScope(actor, 'user').kind === 'instance'
}

/** Where whatever is made belongs unless something else is said: in the organization that was chosen, else in one's own. */
export function useOrganizationForNew(): () => string {
  const session = useSession()
  const chosen = useChosenOrganization()
  return () => (choosesOrganization(session.actor) ? chosen.id : null) ?? session.actor.organizationId
}
