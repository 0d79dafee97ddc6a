import { shallowRef } from 'vue'
import type { Person } from './person.ts'

/** What is asked before it is done to somebody. */
export type Deed = 'signOut' | 'setPassword' | 'resetFactor' | 'makeLink' | 'delete'

/**
 * The question about somebody that is open now. It stands outside of the list's rows and the person's page, which may go, or turn to another page,
 * while a password is shown that nobody will ever see again. It holds whom it is about, never what was typed.
 */
export const personQuestion = shallowRef<{ deed: Deed; person: Person } | null>(null)

/** Opens a question about somebody. */
export function askAbout(deed: Deed, person: Person): void {
  personQuestion.value = { deed, person }
}
