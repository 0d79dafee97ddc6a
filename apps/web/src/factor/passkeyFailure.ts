import { errorSentence } from '../lib/refusal.ts'
import { PasskeyError } from './passkeys.ts'

/** The sentence for a failed passkey step, in the browser or on the server. */
export function passkeyFailure(error: unknown): string {
  return error instanceof PasskeyError ? error.message : errorSentence(error)
}
