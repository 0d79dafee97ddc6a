import type { RouteRecordRaw } from 'vue-router'

/** The pages about organizations: all of them for administrators, their own for managers. */
export const organizationRoutes: RouteRecordRaw[] = [
  {
    path: 'settings/organizations',
    name: 'organizations',
    component: () => import('./OrganizationsPage.vue'),
    meta: { title: 'organization.title', action: 'organization.create' },
  },
  {
    path: 'settings/organizations/:organizationId',
    name: 'organization',
    component: () => import('./OrganizationPage.vue'),
    props: true,
    meta: { title: 'organization.singular', action: 'organization.list' },
  },
]
