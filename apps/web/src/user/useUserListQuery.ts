import { id, PAGE_SIZES, ROLES, type Role, type UserFilter } from '@roster/domain'
import { computed } from 'vue'
import { useOrganizationFilter } from '../organization/useOrganizationFilter.ts'
import { FIRST_PAGE } from '../ui/useListPage.ts'
import { useRouteQuery } from '../ui/useRouteQuery.ts'
import { orderFromText, orderToText, type UserOrder } from './userOrder.ts'

const STATUSES = ['active', 'suspended'] as const
export type ListedStatus = (typeof STATUSES)[number]

/** Whom the list shows, in which order and how many at once, as it stands in the address: `?q=ann&role=manager,default&sort=-lastSeen&size=50`. */
export function useUserListQuery() {
  const { read, choice, write } = useRouteQuery()

  const search = computed(() => read('q').slice(0, 200))
  const roles = computed<Role[]>(() => several(read('role'), ROLES))
  const statuses = computed<ListedStatus[]>(() => several(read('status'), STATUSES))
  // Somebody else's mistake in an address isn't worth an error page: what is no id is no filter.
  const workspaceId = computed(() => idIn(read('workspace')))
  const organizationId = useOrganizationFilter()
  const neverSignedIn = computed(() => read('never') !== '')
  const noSecondFactor = computed(() => read('factor') === 'none')
  const order = computed(() => orderFromText(read('sort')))
  const size = computed(() => PAGE_SIZES.find((each) => String(each) === read('size')) ?? PAGE_SIZES[0])

  const filter = computed<UserFilter>(() => ({
    ...(search.value === '' ? {} : { search: search.value }),
    ...(roles.value.length === 0 ? {} : { role: roles.value }),
    ...(statuses.value.length === 0 ? {} : { status: statuses.value }),
    ...(workspaceId.value === null ? {} : { workspaceId: workspaceId.value }),
    ...(organizationId.value === null ? {} : { organizationId: organizationId.value }),
    ...(neverSignedIn.value ? { neverSignedIn: true } : {}),
    ...(noSecondFactor.value ? { noSecondFactor: true } : {}),
  }))

  /** A choice is a step that the browser's "back" takes back; a search that goes on being typed is one step in all. */
  function choose(values: Record<string, string>, push = true): void {
    void write({ ...values, ...FIRST_PAGE }, { push })
  }

  return {
    filter,
    order,
    size,
    search: computed({ get: () => search.value, set: (q) => choose({ q }, (q === '') !== (search.value === '')) }),
    roles: computed({ get: () => roles.value, set: (next) => choose({ role: next.join(',') }) }),
    statuses: computed({ get: () => statuses.value, set: (next) => choose({ status: next.join(',') }) }),
    workspaceId: computed({ get: () => workspaceId.value, set: (next) => choose({ workspace: next ?? '' }) }),
    organizationId,
    neverSignedIn: computed({ get: () => neverSignedIn.value, set: (on) => choose({ never: on ? '1' : '' }) }),
    noSecondFactor: computed({ get: () => noSecondFactor.value, set: (on) => choose({ factor: on ? 'none' : '' }) }),
    /** How many kinds of filter are set, the search aside, and the organization, which is chosen elsewhere. */
    filters: computed(() => Object.keys(filter.value).filter((key) => key !== 'search' && key !== 'organizationId').length),
    narrowed: computed(() => Object.keys(filter.value).length > 0),
    adding: computed({ get: () => choice('add', ['', '1']) === '1', set: (open) => void write({ add: open ? '1' : '' }, { push: open }) }),
    setOrder: (next: UserOrder) => choose({ sort: orderToText(next) }),
    setSize: (next: 25 | 50) => choose({ size: next === PAGE_SIZES[0] ? '' : String(next) }),
    dropFilters: () => choose({ role: '', status: '', workspace: '', never: '', factor: '' }),
    showAll: () => choose({ q: '', role: '', status: '', workspace: '', organization: '', never: '', factor: '' }),
    /** Leaves a page that isn't there (any more) for the first one. */
    toFirstPage: () => write({ ...FIRST_PAGE }),
  }
}
export type UserListQuery = ReturnType<typeof useUserListQuery>

function several<Choice extends string>(text: string, choices: readonly Choice[]): Choice[] {
  const named = text.split(',')
  return choices.filter((each) => named.includes(each))
}
function idIn(text: string): string | null {
  return id.safeParse(text).data ?? null
}
