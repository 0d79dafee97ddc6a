import type { RouteRecordRaw } from 'vue-router'

/** The page of the system settings. */
export const systemRoutes: RouteRecordRaw[] = [
  {
    path: 'settings/system',
    name: 'system',
    component: () => import('./SystemPage.vue'),
    meta: { title: 'system.title', action: 'system.update' },
  },
]
