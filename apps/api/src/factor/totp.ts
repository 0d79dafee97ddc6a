import { generateSecret, generateURI, verifySync } from 'otplib'

/** Seconds of one step, and how far a clock may be off. */
const PERIOD = 30
const TOLERANCE = 30

/** A new secret for an authenticator app: 160 bits, base32. */
export function newTotpSecret(): string {
  return generateSecret({ length: 20 })
}

/** The address that an authenticator's QR code holds. */
export function totpUri(secret: string, { issuer, username }: { issuer: string; username: string }): string {
  // A colon parts the two in the label.
  return generateURI({ issuer: issuer.replaceAll(':', ' '), label: username, secret })
}

/**
 * The time step whose code this is (RFC 6238: SHA-1, six digits, 30 seconds), one step off at most; null when it is none, or one of a step that was
 * taken before. `epoch` is in seconds.
 */
export function verifyTotp(secret: string, code: string, lastStep: number, epoch = Math.floor(Date.now() / 1000)): number | null {
  if (!/^\d{6}$/u.test(code)) return null
  const result = verifySync({ secret, token: code, period: PERIOD, epochTolerance: TOLERANCE, afterTimeStep: lastStep, epoch })
  return result.valid && 'timeStep' in result ? result.timeStep : null
}
