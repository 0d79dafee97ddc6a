import type { OrganizationDetail } from '@roster/domain'

/** An organization, as lists and its own page have it. */
export function organization(id: string, name: string): OrganizationDetail {
  return {
    id,
    name,
    status: 'active',
    createdAt: '2026-11-25T10:00:00.000Z',
    users: 3,
    workspaces: 1,
    timeZone: 'Europe/Berlin',
    managerScope: 'organization',
    oversight: false,
    oversightSince: null,
  }
}
