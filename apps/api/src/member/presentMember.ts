import { type Actor, decide, type MemberRow, type WorkspaceTarget } from '@roster/domain'

/**
 * Presents members to one reader. Only a reader who may list candidates, and so see the users themselves, gets status,
 * author and expiry. Other readers get `active` and null there, next to names, role and the day of joining.
 */
export function presentMember(actor: Actor, workspace: WorkspaceTarget): (member: MemberRow) => MemberRow {
  if (decide(actor, 'member.candidates', workspace).allowed) return (member) => member
  return (member) => ({ ...member, status: 'active', addedBy: null, expiresAt: null })
}
