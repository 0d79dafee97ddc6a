import type { SessionMe } from './session.ts'

/** What a sign-in that waits for its second factor can be finished with. */
export interface FactorNeeded {
  factorNeeded: { totp: boolean; passkey: boolean; recovery: boolean }
}
/** What a right password answers: who is signed in, or that a second factor is asked for first. */
export type SignInAnswer = SessionMe | FactorNeeded

/** Whether a sign-in waits for its second factor. */
export function needsFactor(answer: SignInAnswer): answer is FactorNeeded {
  return 'factorNeeded' in answer
}
