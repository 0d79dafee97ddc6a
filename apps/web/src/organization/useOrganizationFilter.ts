import { id } from '@roster/domain'
import { computed, ref, type WritableComputedRef, watch } from 'vue'
import { useRoute } from 'vue-router'
import { useSession } from '../session/session.store.ts'
import { FIRST_PAGE } from '../ui/list/useListPage.ts'
import { useRouteQuery } from '../ui/list/useRouteQuery.ts'
import { useChosenOrganization } from './chosenOrganization.store.ts'
import { canChooseOrganization } from './defaultOrganization.ts'

/**
 * The organization that a list is filtered by, null for all. The list's address holds it (`?organization=…`), so that
 * links work. An address without one gets the last choice; from then on the choice follows the address.
 */
export function useOrganizationFilter(): WritableComputedRef<string | null> {
  const session = useSession()
  const chosen = useChosenOrganization()
  const route = useRoute()
  const { read, write } = useRouteQuery()
  // An invalid id in a link means no filter rather than an error page.
  const fromAddress = computed(() => id.safeParse(read('organization')).data ?? null)
  const redirecting = ref(false)

  if (canChooseOrganization(session.actor)) {
    const list = route.name
    if (fromAddress.value !== null) chosen.choose(fromAddress.value)
    else if (chosen.id !== null) {
      redirecting.value = true
      void write({ organization: chosen.id }).finally(() => {
        redirecting.value = false
      })
    }
    // After a navigation the address belongs to another page.
    watch(fromAddress, (organizationId) => {
      if (route.name === list) chosen.choose(organizationId)
    })
  }
  return computed({
    get: () => fromAddress.value ?? (redirecting.value ? chosen.id : null),
    set: (next) => void write({ organization: next ?? '', workspace: '', ...FIRST_PAGE }, { push: true }),
  })
}
