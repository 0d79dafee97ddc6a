/** A table as it is kept: its rows' order, and the columns it is kept without. */
export interface Kept {
  table: string
  by: readonly string[]
  without?: readonly string[]
}

/** What a backup holds, in the order in which it can be written back: whatever is referred to comes first. */
export const KEPT = [
  { table: 'instance', by: ['id'], without: ['hmacKey', 'setupCodeHash'] },
  { table: 'organization', by: ['id'] },
  { table: 'user', by: ['id'] },
  { table: 'workspace', by: ['id'] },
  { table: 'member', by: ['workspaceId', 'userId'] },
  { table: 'totp', by: ['userId'] },
  { table: 'passkey', by: ['id'] },
  { table: 'recovery_code', by: ['userId', 'codeHash'] },
  { table: 'invitation', by: ['id'] },
  { table: 'invitation_workspace', by: ['invitationId', 'workspaceId'] },
  { table: 'member_request', by: ['id'] },
  { table: 'import', by: ['id'] },
  { table: 'import_row', by: ['importId', 'number'] },
  { table: 'audit_event', by: ['id', 'at'] },
  { table: 'audit_text', by: ['eventId'] },
  { table: 'refusal_count', by: ['minute', 'subject', 'action', 'code'] },
] as const satisfies readonly Kept[]

/**
 * What it leaves out: what lets somebody in without a password (an old backup must not open again what was closed since), and what means
 * nothing a minute later. `_prisma_migrations` is the version's own, and stands in the header.
 */
export const LEFT_OUT = ['session', 'device_cookie', 'link', 'challenge', 'rate_limit', 'outbox_event', '_prisma_migrations'] as const

/** Names as SQL has them. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ')
}
