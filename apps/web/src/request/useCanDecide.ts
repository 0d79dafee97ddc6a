import { type ComputedRef, computed } from 'vue'
import { useMay } from '../lib/may.ts'
import { useSession } from '../session/session.store.ts'

/** Whether the signed-in user may decide requests in their workspaces. */
export function useCanDecide(): ComputedRef<boolean> {
  const session = useSession()
  const { may } = useMay()
  return computed(() => may('request.decide', { organizationId: session.actor.organizationId, assigned: true }).allowed)
}
