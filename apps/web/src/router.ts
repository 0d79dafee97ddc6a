import type { InstanceAction } from '@roster/domain'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import type { MessageKey } from './i18n/text.ts'
import { importRoutes } from './import/import.routes.ts'
import ConsoleLayout from './layout/ConsoleLayout.vue'
import { api } from './lib/api.ts'
import { movedRoutes } from './moved.routes.ts'
import { organizationRoutes } from './organization/organization.routes.ts'
import { requestRoutes } from './request/request.routes.ts'
import { securityRoutes } from './security/security.routes.ts'
import { systemRoutes } from './system/system.routes.ts'
import { userRoutes } from './user/user.routes.ts'
import { workspaceRoutes } from './workspace/workspace.routes.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** The page's name in menus and in the command palette. */
    title?: MessageKey
    /** The action that opens the page. Where the policy refuses it, the reason shows instead. */
    action?: InstanceAction
    /** A list that an administrator can limit to one organization. */
    byOrganization?: true
  }
}

const pages: RouteRecordRaw[] = [
  { path: '', name: 'home', component: () => import('./home/HomePage.vue'), meta: { title: 'layout.home' } },
  {
    path: 'getting-started',
    name: 'getting-started',
    component: () => import('./setup/GettingStartedPage.vue'),
    meta: { title: 'layout.gettingStarted', action: 'setup.checklist' },
  },
  ...workspaceRoutes,
  ...requestRoutes,
  { path: 'settings', name: 'settings', component: () => import('./layout/SettingsIndex.vue') },
  ...userRoutes,
  ...importRoutes,
  ...organizationRoutes,
  ...securityRoutes,
  ...systemRoutes,
  {
    path: 'settings/personal',
    name: 'personal-settings',
    component: () => import('./session/PersonalSettingsPage.vue'),
    meta: { title: 'layout.personalSettings', action: 'session.me' },
  },
  ...movedRoutes,
  { path: ':rest(.*)*', name: 'not-found', component: () => import('./layout/NotFoundPage.vue') },
]

/** Session storage key that stops a reload loop, for a page with a script that stays missing. */
const RELOADED = 'roster-reloaded'

export const router = createRouter({
  history: createWebHistory(),
  routes: [{ path: '/', component: ConsoleLayout, children: pages }],
  scrollBehavior: (to, _from, saved) => saved ?? (to.hash ? { el: to.hash, top: 72 } : { top: 0 }),
})

// A page's script failed to load: the network is gone, or a newer build replaced it. Once the server answers, the page
// reloads.
router.onError(async (error: unknown, to) => {
  if (sessionStorage.getItem(RELOADED) === to.fullPath) throw error
  await api.session.me.query()
  sessionStorage.setItem(RELOADED, to.fullPath)
  // With the origin, since a path that begins with two slashes would be another host.
  location.assign(location.origin + to.fullPath)
})
router.afterEach(() => sessionStorage.removeItem(RELOADED))
