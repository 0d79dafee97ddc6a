/**
 * The three roles, highest first. A user has exactly one, for their whole organization (administrator: the whole
 * instance).
 */
export const ROLES = ['administrator', 'manager', 'default'] as const
export type Role = (typeof ROLES)[number]

const RANK = { administrator: 2, manager: 1, default: 0 } as const satisfies Record<Role, number>

/** Positive when `a` is strictly higher than `b`, negative when lower, 0 when equal. */
export function compareRoles(a: Role, b: Role): number {
  return RANK[a] - RANK[b]
}

/** The English name of each role. The console translates it. */
export const ROLE_NAME = {
  administrator: 'Administrator',
  manager: 'Manager',
  default: 'Default User',
} as const satisfies Record<Role, string>
