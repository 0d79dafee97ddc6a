/** A workspace of the demo. */
export interface DemoWorkspace {
  name: string
  createdDaysAgo: number
  archivedDaysAgo?: number
}

export const WORKSPACES = {
  company: { name: 'Company Handbook', createdDaysAgo: 540 },
  support: { name: 'Customer Support', createdDaysAgo: 510 },
  engineering: { name: 'Engineering', createdDaysAgo: 500 },
  product: { name: 'Product & Roadmap', createdDaysAgo: 480 },
  sales: { name: 'Sales Playbooks', createdDaysAgo: 430 },
  marketing: { name: 'Marketing', createdDaysAgo: 410 },
  hr: { name: 'People & Hiring', createdDaysAgo: 380 },
  finance: { name: 'Finance', createdDaysAgo: 360 },
  legal: { name: 'Legal & Contracts', createdDaysAgo: 300 },
  research: { name: 'User Research', createdDaysAgo: 220 },
  field: { name: 'Field Service Manuals', createdDaysAgo: 150 },
  relaunch: { name: 'Website Relaunch', createdDaysAgo: 330, archivedDaysAgo: 45 },
} as const satisfies Record<string, DemoWorkspace>

export type WorkspaceKey = keyof typeof WORKSPACES
