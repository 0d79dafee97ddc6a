/** An organization as a choice in a form or filter. */
export interface OrganizationRow {
  id: string
  name: string
}
