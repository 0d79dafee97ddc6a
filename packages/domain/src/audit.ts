/** What acted: whose hand a change came through. */
export const THROUGH = ['session', 'command-line', 'setup-code', 'link', 'invitation', 'system'] as const
export type Through = (typeof THROUGH)[number]

/** The fields an audit event may carry before and after; whatever else changes is not written down. */
export const AUDITED_FIELDS = [
  'username',
  'displayName',
  'about',
  'role',
  'status',
  'dailyLimit',
  'language',
  'theme',
  'passwordChangeRequired',
  'name',
  'archivedAt',
  'organizationId',
  'workspaceIds',
  'added',
  'removed',
  'reason',
  'expiresAt',
  'supportAddress',
  'memberCount',
  'sessions',
  'timeZone',
  'managerScope',
  'oversight',
  'people',
  'passwordMin',
  'changeAtFirstSignIn',
  'sessionIdleSeconds',
  'sessionAbsoluteSeconds',
  'freeTries',
  'addressTries',
  'secondFactorRoles',
  'apiKeyRoles',
  'administratorNetworks',
  'managerNetworks',
  'defaultNetworks',
  'secondFactor',
  'passkeys',
  'uses',
  'accepted',
  'until',
] as const
export type AuditedField = (typeof AUDITED_FIELDS)[number]
export type AuditedValues = Partial<Record<AuditedField, string | number | boolean | null | string[]>>
