import type { RouteRecordRaw } from 'vue-router'

/** The user list, invitations and the user page. */
export const userRoutes: RouteRecordRaw[] = [
  {
    path: 'settings/users',
    name: 'users',
    component: () => import('./list/UsersPage.vue'),
    meta: { title: 'user.title', action: 'user.list', byOrganization: true },
  },
  {
    path: 'settings/invitations',
    name: 'invitations',
    component: () => import('../invitation/InvitationsPage.vue'),
    meta: { title: 'invitation.title', action: 'invitation.list', byOrganization: true },
  },
  {
    path: 'settings/users/:userId',
    component: () => import('./detail/UserPage.vue'),
    props: true,
    meta: { action: 'user.list' },
    children: [
      {
        path: '',
        name: 'user',
        component: () => import('./detail/UserProfileTab.vue'),
        meta: { title: 'userDetail.page.title' },
      },
      {
        path: 'workspaces',
        name: 'user-workspaces',
        component: () => import('./detail/UserWorkspacesTab.vue'),
        meta: { title: 'userDetail.tabs.workspaces' },
      },
      {
        path: 'sessions',
        name: 'user-sessions',
        component: () => import('./detail/UserSessionsTab.vue'),
        meta: { title: 'userDetail.tabs.sessions' },
      },
      {
        path: 'activity',
        name: 'user-activity',
        component: () => import('./detail/UserActivityTab.vue'),
        meta: { title: 'activity.title' },
      },
      {
        path: 'permissions',
        name: 'user-permissions',
        component: () => import('./detail/UserPermissionsTab.vue'),
        meta: { title: 'policy.tab' },
      },
      { path: 'why', redirect: { name: 'user-permissions' } },
    ],
  },
]
