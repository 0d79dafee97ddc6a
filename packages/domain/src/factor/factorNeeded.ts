import type { SessionMe } from '../session/session.ts'

/** The second factors that can complete a sign-in. */
export interface FactorNeeded {
  factorNeeded: { totp: boolean; passkey: boolean; recovery: boolean }
}
/** The answer to a correct password: the session, or the request for a second factor. */
export type SignInAnswer = SessionMe | FactorNeeded

/** Whether the answer asks for a second factor. */
export function needsFactor(answer: SignInAnswer): answer is FactorNeeded {
  return 'factorNeeded' in answer
}
