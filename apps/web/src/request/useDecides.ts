import { computed } from 'vue'
import { useMay } from '../lib/may.ts'
import { useSession } from '../session/session.store.ts'

/** Whether one decides requests, in workspaces of one's scope; others see their own. */
export function useDecides() {
  const session = useSession()
  const { may } = useMay()
  return { decides: computed(() => may('request.decide', { organizationId: session.actor.organizationId, assigned: true }).allowed) }
}
