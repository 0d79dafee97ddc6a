import { useQuery } from '@pinia/colada'
import type { SetupChecklist } from '@roster/domain'
import { computed } from 'vue'
import { useMay } from '../lib/may.ts'
import { queryOf } from '../lib/queryOf.ts'

/** The steps after setup, in the order to do them. */
export const STEPS = ['instance', 'users', 'workspace', 'members', 'address', 'preview'] as const
export type Step = (typeof STEPS)[number]

/** Which steps are done. */
export function stepsDone(state: SetupChecklist): Record<Step, boolean> {
  return {
    instance: state.instanceNamed,
    users: state.users > 1,
    workspace: state.workspaces > 0,
    members: state.members > 0,
    address: state.addressSet && state.tls,
    preview: state.defaultUserSees !== null,
  }
}

/** The checklist after setup, for users who may see it. `incomplete` counts the open steps. */
export function useChecklist() {
  const { may } = useMay()
  const query = useQuery(() => ({ ...queryOf('setup.checklist'), enabled: may('setup.checklist').allowed }))
  const done = computed(() => (query.data.value ? stepsDone(query.data.value) : null))
  const incomplete = computed(() => (done.value ? Object.values(done.value).filter((isDone) => !isDone).length : 0))
  return { ...query, done, incomplete }
}
