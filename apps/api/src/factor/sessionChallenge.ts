import { hashToken } from '../session/adapter.ts'

/** Under what a session keeps what it began: one of each kind, found by nobody without the session. */
export function sessionChallengeHash(kind: 'passkey-reauthentication' | 'passkey-registration', sessionId: string): Buffer<ArrayBuffer> {
  return hashToken(`${kind}:${sessionId}`)
}
