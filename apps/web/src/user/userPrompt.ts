import { shallowRef } from 'vue'
import type { UserSummary } from './userSummary.ts'

/** Which dialog about a user is open. */
export type UserPromptKind = 'signOut' | 'setPassword' | 'resetFactor' | 'createLink' | 'delete'

/**
 * The dialog about a user that is open now. It lives outside the list's rows and the user's page: both may go away while a password is shown that
 * no one sees again. It holds the user, never what was typed.
 */
export const userPrompt = shallowRef<{ kind: UserPromptKind; user: UserSummary } | null>(null)

/** Opens a dialog about a user. */
export function openUserPrompt(kind: UserPromptKind, user: UserSummary): void {
  userPrompt.value = { kind, user }
}
