import type { RouteLocation, RouteRecordRaw } from 'vue-router'

const underSettings = ({ path }: RouteLocation): string => `/settings${path}`

/** Pages that moved under Settings. Their old addresses redirect; the router keeps query and hash. */
export const movedRoutes: RouteRecordRaw[] = [
  { path: 'users/invitations', redirect: '/settings/invitations' },
  { path: 'users/import', redirect: '/settings/import' },
  { path: 'users/:rest(.*)*', redirect: underSettings },
  { path: 'organizations/:rest(.*)*', redirect: underSettings },
  { path: 'security', redirect: underSettings },
  { path: 'system', redirect: underSettings },
]
