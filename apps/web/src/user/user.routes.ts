import type { RouteRecordRaw } from 'vue-router'

/** The pages about users. */
export const userRoutes: RouteRecordRaw[] = [
  { path: 'users', name: 'users', component: () => import('./UsersPage.vue'), meta: { title: 'user.title', action: 'user.list' } },
  { path: 'users/:userId', name: 'user', component: () => import('./PersonPage.vue'), props: true, meta: { title: 'person.page.title', action: 'user.list' } },
]
