import { shallowRef } from 'vue'
import type { Person } from './person.ts'

/** What is asked before it is done to somebody. */
export type ActivityEntry = 'signOut' | 'setPassword' | 'resetFactor' | 'createLink' | 'delete'

/**
 * The question about somebody that is open now. It stands outside of the list's rows and the person's page, which may go, or turn to another page,
 * while a password is shown that nobody will ever see again. It holds whom it is about, never what was typed.
 */
export const personQuestion = shallowRef<{ action: PersonAction; person: Person } | null>(null)

/** Opens a question about somebody. */
export function askAbout(deed: ActivityEntry, person: Person): void {
  personQuestion.value = { deed, person }
}
