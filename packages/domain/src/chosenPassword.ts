import type { Refusal } from './refusal.ts'
import { compareRoles, type Role } from './role.ts'

/** Who chose somebody's password, as they are now. */
export interface PasswordChooser {
  /** Null where they belong to another organization than whose password it is. */
  name: string | null
  role: Role
  organizationId: string
  active: boolean
}

interface Held {
  role: Role
  organizationId: string
  passwordChosenBy: PasswordChooser | null
}

/**
 * Why somebody can't be given a role or an organization yet: somebody else chose the password that they still have, and would have with it what they lack
 * themselves, or don't reach. (One-time links die at that; a password would let in whoever knows it.)
 */
export function refusalOfChosen(held: Held, to: { role: Role; organizationId: string }): Refusal | null {
  const { passwordChosenBy: chooser } = held
  if (!chooser) return null
  const raised = compareRoles(to.role, held.role) > 0
  const moved = to.organizationId !== held.organizationId
  const reaches = chooser.active && (chooser.role === 'administrator' || chooser.organizationId === to.organizationId)
  const beyond = (raised && (!reaches || compareRoles(to.role, chooser.role) > 0)) || (moved && !reaches)
  return beyond ? { code: 'PASSWORD_CHOSEN_BY_OTHER', details: { by: chooser.name } } : null
}
