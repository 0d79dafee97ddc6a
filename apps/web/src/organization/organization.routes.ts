import type { RouteRecordRaw } from 'vue-router'

/** The pages about organizations: all of them for administrators, their own for managers. */
export const organizationRoutes: RouteRecordRaw[] = [
  {
    path: 'organizations',
    name: 'organizations',
    component: () => import('./OrganizationsPage.vue'),
    meta: { title: 'organization.title', action: 'organization.create' },
  },
  {
    path: 'organizations/:organizationId',
    name: 'organization',
    component: () => import('./OrganizationPage.vue'),
    props: true,
    meta: { title: 'organization.one', action: 'organization.list' },
  },
]
