import { expect, test } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { movedRoutes } from './moved.routes.ts'

test.each([
  ['/users', '/settings/users'],
  ['/users?q=ann&role=manager#list', '/settings/users?q=ann&role=manager#list'],
  ['/users/7/sessions', '/settings/users/7/sessions'],
  ['/users/invitations?state=open', '/settings/invitations?state=open'],
  ['/users/import?id=7', '/settings/import?id=7'],
  ['/organizations', '/settings/organizations'],
  ['/organizations/7', '/settings/organizations/7'],
  ['/security#networks', '/settings/security#networks'],
  ['/system', '/settings/system'],
])('redirects %s to %s', async (before, now) => {
  const page = { render: () => null }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/', component: page, children: [...movedRoutes, { path: ':rest(.*)*', component: page }] }],
  })
  await router.push(before)
  expect(router.currentRoute.value.fullPath).toBe(now)
})
