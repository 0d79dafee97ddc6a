import type { CreatedLink } from '@roster/domain'

/** A new password, or a one-time link for setting one. Kept only in the dialog that shows it. */
export type NewCredential = { kind: 'password'; password: string } | { kind: 'link'; link: CreatedLink }
