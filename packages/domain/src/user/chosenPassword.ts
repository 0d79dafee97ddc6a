import { compareRoles, type Role } from '../policy/role.ts'
import type { Refusal } from '../refusal/refusal.ts'

/** The user who set another user's password (the chooser), in their present state. */
export interface PasswordChooser {
  /** Null when the chooser belongs to another organization than the user. */
  name: string | null
  role: Role
  organizationId: string
  active: boolean
}

interface UserWithChooser {
  role: Role
  organizationId: string
  passwordChosenBy: PasswordChooser | null
}

/**
 * Why a user can't get a role or an organization yet: another user chose their present password, and could use it to
 * act above their own role or outside their scope. (One-time links are revoked by such a change; a password would keep
 * working.)
 */
export function passwordChooserRefusal(
  user: UserWithChooser,
  to: { role: Role; organizationId: string },
): Refusal | null {
  const { passwordChosenBy: chooser } = user
  if (!chooser) return null
  const raised = compareRoles(to.role, user.role) > 0
  const moved = to.organizationId !== user.organizationId
  const inScope = chooser.active && (chooser.role === 'administrator' || chooser.organizationId === to.organizationId)
  const exceedsChooser = (raised && (!inScope || compareRoles(to.role, chooser.role) > 0)) || (moved && !inScope)
  return exceedsChooser ? { code: 'PASSWORD_CHOSEN_BY_OTHER', details: { by: chooser.name } } : null
}
