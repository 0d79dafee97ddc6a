import type { RouteRecordRaw } from 'vue-router'

/** The page of the security policies. */
export const securityRoutes: RouteRecordRaw[] = [
  {
    path: 'settings/security',
    name: 'security',
    component: () => import('./SecurityPage.vue'),
    meta: { title: 'security.title', action: 'security.update' },
  },
]
