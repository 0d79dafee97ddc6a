import { type Actor, decide, type MemberRow, type WorkspaceTarget } from '@roster/domain'

/**
 * Members as `actor` may be told of them. Only who may see the workspace's candidates (and so the people themselves) learns whether somebody is
 * suspended, who added them and until when; others get `active` and null in these places, with names, role and the day they were added.
 */
export function presentMember(actor: Actor, workspace: WorkspaceTarget): (member: MemberRow) => MemberRow {
  if (decide(actor, 'member.candidates', workspace).allowed) return (member) => member
  return (member) => ({ ...member, status: 'active', addedBy: null, expiresAt: null })
}
