import type { RouteRecordRaw } from 'vue-router'

/** The page of requests: those that one decides, or one's own. */
export const requestRoutes: RouteRecordRaw[] = [
  {
    path: 'requests',
    name: 'requests',
    component: () => import('./RequestsPage.vue'),
    meta: { title: 'request.title', action: 'request.list', byOrganization: true },
  },
]
