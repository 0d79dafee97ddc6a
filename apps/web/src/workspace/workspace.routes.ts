import type { RouteRecordRaw } from 'vue-router'

/** The pages about workspaces and their members. */
export const workspaceRoutes: RouteRecordRaw[] = [
  { path: 'workspaces', name: 'workspaces', component: () => import('./WorkspacesPage.vue'), meta: { title: 'workspace.title', action: 'workspace.list' } },
]
