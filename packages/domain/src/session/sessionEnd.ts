/** Why a session ended. The old cookie gets the reason for 30 days. */
export const SESSION_END_REASONS = [
  'signed-out',
  'ended-by-self',
  'ended-by-other',
  'password-changed',
  'password-set-by-other',
  'factor-reset',
  'suspended',
  'organization-suspended',
  'deleted',
  'moved',
  'expired',
] as const
export type SessionEndReason = (typeof SESSION_END_REASONS)[number]
