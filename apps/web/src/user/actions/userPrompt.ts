import { shallowRef } from 'vue'
import type { UserSummary } from '../userSummary.ts'

/** The dialogs about a user. */
export type UserPromptKind = 'signOut' | 'setPassword' | 'resetFactor' | 'createLink' | 'delete'

/**
 * The open dialog about a user, if any. It is global because its row or page may disappear while a new password is
 * shown. It holds the user, never what was typed.
 */
export const userPrompt = shallowRef<{ kind: UserPromptKind; user: UserSummary } | null>(null)

/** Opens a dialog about a user. */
export function openUserPrompt(kind: UserPromptKind, user: UserSummary): void {
  userPrompt.value = { kind, user }
}
