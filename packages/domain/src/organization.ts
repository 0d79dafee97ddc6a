/** How far an organization's managers reach: all of its workspaces, or those they are in. They see all of its people either way. */
export const MANAGER_SCOPES = ['organization', 'assigned'] as const
export type ManagerScope = (typeof MANAGER_SCOPES)[number]

/** An organization as a choice in a form or filter. */
export interface OrganizationRow {
  id: string
  name: string
}
