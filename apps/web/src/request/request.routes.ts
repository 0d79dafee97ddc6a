import type { RouteRecordRaw } from 'vue-router'

/** The page of requests: those that the user may decide, or their own. */
export const requestRoutes: RouteRecordRaw[] = [
  {
    path: 'requests',
    name: 'requests',
    component: () => import('./RequestsPage.vue'),
    meta: { title: 'request.title', action: 'request.list', byOrganization: true },
  },
]
