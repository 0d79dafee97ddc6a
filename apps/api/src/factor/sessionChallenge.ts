import { hashToken } from '../session/adapter.ts'

/** The token hash of a session's own challenge: one per kind, so that a new challenge replaces the previous one. */
export function sessionChallengeHash(
  kind: 'passkey-reauthentication' | 'passkey-registration',
  sessionId: string,
): Buffer<ArrayBuffer> {
  return hashToken(`${kind}:${sessionId}`)
}
