import type { RouteRecordRaw } from 'vue-router'

/** The pages about users. */
export const userRoutes: RouteRecordRaw[] = [
  { path: 'users', name: 'users', component: () => import('./UsersPage.vue'), meta: { title: 'user.title', action: 'user.list', byOrganization: true } },
  {
    path: 'users/invitations',
    name: 'invitations',
    component: () => import('../invitation/InvitationsPage.vue'),
    meta: { title: 'invitation.title', action: 'invitation.list', byOrganization: true },
  },
  {
    path: 'users/:userId',
    component: () => import('./PersonPage.vue'),
    props: true,
    meta: { action: 'user.list' },
    children: [
      { path: '', name: 'user', component: () => import('./PersonProfileTab.vue'), meta: { title: 'person.page.title' } },
      { path: 'workspaces', name: 'user-workspaces', component: () => import('./PersonWorkspacesTab.vue'), meta: { title: 'person.tabs.workspaces' } },
      { path: 'sessions', name: 'user-sessions', component: () => import('./PersonSessionsTab.vue'), meta: { title: 'person.tabs.sessions' } },
      { path: 'activity', name: 'user-activity', component: () => import('../activity/PersonActivityTab.vue'), meta: { title: 'activity.title' } },
      { path: 'why', name: 'user-why', component: () => import('../policy/PersonWhyTab.vue'), meta: { title: 'policy.tab' } },
    ],
  },
]
