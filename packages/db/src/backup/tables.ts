/** A table in a backup: the order of its rows, and the columns to leave out. */
export interface BackupTable {
  table: string
  orderBy: readonly string[]
  without?: readonly string[]
}

/** The tables of a backup, in the order of the restore: referenced tables come first. */
export const BACKUP_TABLES = [
  { table: 'instance', orderBy: ['id'], without: ['hmacKey', 'setupCodeHash'] },
  { table: 'organization', orderBy: ['id'] },
  { table: 'user', orderBy: ['id'] },
  { table: 'workspace', orderBy: ['id'] },
  { table: 'member', orderBy: ['workspaceId', 'userId'] },
  { table: 'totp', orderBy: ['userId'] },
  { table: 'passkey', orderBy: ['id'] },
  { table: 'recovery_code', orderBy: ['userId', 'codeHash'] },
  { table: 'invitation', orderBy: ['id'] },
  { table: 'invitation_workspace', orderBy: ['invitationId', 'workspaceId'] },
  { table: 'member_request', orderBy: ['id'] },
  { table: 'import', orderBy: ['id'] },
  { table: 'import_row', orderBy: ['importId', 'number'] },
  { table: 'audit_event', orderBy: ['id', 'at'] },
  { table: 'audit_text', orderBy: ['eventId'] },
  { table: 'refusal_count', orderBy: ['minute', 'subject', 'action', 'code'] },
] as const satisfies readonly BackupTable[]

/**
 * The tables that a backup leaves out. Those that sign a user in without a password: an old backup must not reopen what
 * was closed since. And short-lived data. `_prisma_migrations` belongs to the version; its names are in the header. The
 * job queue (schema pgboss) is left out as a whole.
 */
export const EXCLUDED_TABLES = [
  'session',
  'device_cookie',
  'link',
  'challenge',
  'rate_limit',
  'outbox_event',
  '_prisma_migrations',
] as const

/** Quotes SQL identifiers, and joins them with commas. */
export function quoteNames(names: readonly string[]): string {
  return names.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ')
}
