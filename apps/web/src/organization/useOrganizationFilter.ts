import { id } from '@roster/domain'
import { computed, ref, type WritableComputedRef, watch } from 'vue'
import { useRoute } from 'vue-router'
import { useSession } from '../session/session.store.ts'
import { FIRST_PAGE } from '../ui/useListPage.ts'
import { useRouteQuery } from '../ui/useRouteQuery.ts'
import { useChosenOrganization } from './chosenOrganization.store.ts'
import { choosesOrganization } from './organizationForNew.ts'

/**
 * The organization that a list shows, null for all: it stands in the list's address (`?organization=…`), so that links work. Whoever comes to a list
 * whose address names none finds the one that they chose last; what the address then says is what is chosen.
 */
export function useOrganizationFilter(): WritableComputedRef<string | null> {
  const session = useSession()
  const chosen = useChosenOrganization()
  const route = useRoute()
  const { read, write } = useRouteQuery()
  // Somebody else's mistake in an address isn't worth an error page: what is no id is no filter.
  const inAddress = computed(() => id.safeParse(read('organization')).data ?? null)
  const arriving = ref(false)

  if (choosesOrganization(session.actor)) {
    const list = route.name
    if (inAddress.value !== null) chosen.choose(inAddress.value)
    else if (chosen.id !== null) {
      arriving.value = true
      void write({ organization: chosen.id }).finally(() => {
        arriving.value = false
      })
    }
    // Another page's address says nothing about this one's list.
    watch(inAddress, (now) => {
      if (route.name === list) chosen.choose(now)
    })
  }
  return computed({
    get: () => inAddress.value ?? (arriving.value ? chosen.id : null),
    set: (next) => void write({ organization: next ?? '', workspace: '', ...FIRST_PAGE }, { push: true }),
  })
}
