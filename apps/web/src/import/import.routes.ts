import type { RouteRecordRaw } from 'vue-router'

/** The page that imports users from a file. */
export const importRoutes: RouteRecordRaw[] = [
  {
    path: 'settings/import',
    name: 'import',
    component: () => import('./ImportPage.vue'),
    meta: { title: 'import.title', action: 'user.import' },
  },
]
