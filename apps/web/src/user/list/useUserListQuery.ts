import { id, PAGE_SIZES, ROLES, type Role, type UserFilter } from '@roster/domain'
import { computed } from 'vue'
import { useOrganizationFilter } from '../../organization/useOrganizationFilter.ts'
import { FIRST_PAGE } from '../../ui/list/useListPage.ts'
import { useRouteQuery } from '../../ui/list/useRouteQuery.ts'
import { formatOrder, parseOrder, type UserOrder } from './userOrder.ts'

const STATUSES = ['active', 'suspended'] as const
export type ListedStatus = (typeof STATUSES)[number]

/**
 * Filter, order and page size of the user list, kept in the URL: `?q=ann&role=manager,default&sort=-lastSeen&size=50`.
 */
export function useUserListQuery() {
  const { read, choice, write } = useRouteQuery()

  const search = computed(() => read('q').slice(0, 200))
  const roles = computed<Role[]>(() => parseChoices(read('role'), ROLES))
  const statuses = computed<ListedStatus[]>(() => parseChoices(read('status'), STATUSES))
  // A mistyped id is ignored rather than answered with an error page.
  const workspaceId = computed(() => parseId(read('workspace')))
  const organizationId = useOrganizationFilter()
  const neverSignedIn = computed(() => read('never') !== '')
  const noSecondFactor = computed(() => read('factor') === 'none')
  const order = computed(() => parseOrder(read('sort')))
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

  /** Writes to the URL. Each choice is one history entry; typing a search term makes only one. */
  function update(values: Record<string, string>, push = true): void {
    void write({ ...values, ...FIRST_PAGE }, { push })
  }

  return {
    filter,
    order,
    size,
    search: computed({ get: () => search.value, set: (q) => update({ q }, (q === '') !== (search.value === '')) }),
    roles: computed({ get: () => roles.value, set: (next) => update({ role: next.join(',') }) }),
    statuses: computed({ get: () => statuses.value, set: (next) => update({ status: next.join(',') }) }),
    workspaceId: computed({ get: () => workspaceId.value, set: (next) => update({ workspace: next ?? '' }) }),
    organizationId,
    neverSignedIn: computed({ get: () => neverSignedIn.value, set: (on) => update({ never: on ? '1' : '' }) }),
    noSecondFactor: computed({ get: () => noSecondFactor.value, set: (on) => update({ factor: on ? 'none' : '' }) }),
    /** The number of filters set, without the search term and the organization, which has its own control. */
    filterCount: computed(
      () => Object.keys(filter.value).filter((key) => key !== 'search' && key !== 'organizationId').length,
    ),
    filtered: computed(() => Object.keys(filter.value).length > 0),
    adding: computed({
      get: () => choice('add', ['', '1']) === '1',
      set: (open) => void write({ add: open ? '1' : '' }, { push: open }),
    }),
    setOrder: (next: UserOrder) => update({ sort: formatOrder(next) }),
    setSize: (next: 25 | 50) => update({ size: next === PAGE_SIZES[0] ? '' : String(next) }),
    clearFilters: () => update({ role: '', status: '', workspace: '', never: '', factor: '' }),
    clearAll: () => update({ q: '', role: '', status: '', workspace: '', organization: '', never: '', factor: '' }),
    /** Leaves a page that doesn't exist for the first one. */
    toFirstPage: () => write({ ...FIRST_PAGE }),
  }
}
export type UserListQuery = ReturnType<typeof useUserListQuery>

function parseChoices<Choice extends string>(text: string, choices: readonly Choice[]): Choice[] {
  const values = text.split(',')
  return choices.filter((each) => values.includes(each))
}
function parseId(text: string): string | null {
  return id.safeParse(text).data ?? null
}
