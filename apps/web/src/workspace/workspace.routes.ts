import type { RouteRecordRaw } from 'vue-router'

/** The pages about workspaces and their members. */
export const workspaceRoutes: RouteRecordRaw[] = [
  {
    path: 'workspaces',
    name: 'workspaces',
    component: () => import('./WorkspacesPage.vue'),
    meta: { title: 'workspace.title', action: 'workspace.list', byOrganization: true },
  },
  {
    path: 'workspaces/:workspaceId',
    component: () => import('./WorkspacePage.vue'),
    props: true,
    children: [
      { path: '', name: 'workspace', component: () => import('./ChatTab.vue'), meta: { title: 'workspace.tabs.chat' } },
      {
        path: 'documents',
        name: 'workspace-documents',
        component: () => import('./DocumentsTab.vue'),
        meta: { title: 'workspace.tabs.documents' },
      },
      {
        path: 'members',
        name: 'workspace-members',
        component: () => import('../member/list/MembersTab.vue'),
        meta: { title: 'workspace.tabs.members' },
      },
      {
        path: 'settings',
        name: 'workspace-settings',
        component: () => import('./WorkspaceSettingsTab.vue'),
        meta: { title: 'workspace.tabs.settings' },
      },
    ],
  },
]
