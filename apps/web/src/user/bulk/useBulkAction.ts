import { type BulkAction, type BulkKind, dailyLimit, problemOf, type Role } from '@roster/domain'
import { computed, ref } from 'vue'
import { fieldMessage } from '../../i18n/fieldMessage.ts'
import type { ChosenWorkspace } from '../create/useAddUser.ts'
import { fromLimitText, toLimitText } from '../dailyLimitText.ts'

/** The parameters of a bulk call and the resulting `action`, which is null while a parameter is missing. */
export function useBulkAction(kind: BulkKind) {
  const role = ref<Role | ''>('')
  const limit = ref(toLimitText(null))
  const workspaces = ref<ChosenWorkspace[]>([])

  const parsedLimit = computed(() => dailyLimit.safeParse(fromLimitText(limit.value)))
  const action = computed<BulkAction | null>(() => {
    switch (kind) {
      case 'setRole':
        return role.value === '' ? null : { kind, role: role.value }
      case 'setLimit':
        return parsedLimit.value.success ? { kind, dailyLimit: parsedLimit.value.data } : null
      case 'addToWorkspaces':
      case 'removeFromWorkspaces':
        return workspaces.value.length === 0 ? null : { kind, workspaceIds: workspaces.value.map(({ id }) => id) }
      case 'suspend':
      case 'reactivate':
      case 'signOut':
      case 'delete':
        return { kind }
    }
  })
  return {
    role,
    limit,
    workspaces,
    action,
    limitError: computed(() => {
      const issue = parsedLimit.value.error?.issues[0]
      return issue && fieldMessage(problemOf(issue))
    }),
    removeWorkspaces(ids: readonly string[]): void {
      workspaces.value = workspaces.value.filter(({ id }) => !ids.includes(id))
    },
  }
}
export type BulkParameters = ReturnType<typeof useBulkAction>
