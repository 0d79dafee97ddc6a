import { errorSentence } from '../lib/refusal.ts'
import { NoPasskey } from './passkeys.ts'

/** What went wrong with a passkey, in words: the browser's part or the server's. */
export function passkeyFailure(error: unknown): string {
  return error instanceof NoPasskey ? error.message : errorSentence(error)
}
