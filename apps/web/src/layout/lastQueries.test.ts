import { expect, test } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { rememberQuery, withLastQuery } from './lastQueries.ts'

test('leads back to a list with its search and page, without an open dialog', async () => {
  const page = { render: () => null }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/settings/users', name: 'users', component: page }],
  })
  expect(withLastQuery(router, { name: 'users' })).toEqual({ path: '/settings/users', query: {} })
  await router.push('/settings/users?q=ann&after=7&add=1&organization=9')
  rememberQuery(router.currentRoute.value)
  expect(withLastQuery(router, { name: 'users' })).toEqual({ path: '/settings/users', query: { q: 'ann', after: '7' } })
})
