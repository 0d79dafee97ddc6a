import { generateSecret, generateURI, verifySync } from 'otplib'

/** Length of a time step, and tolerated clock drift. Seconds. */
const PERIOD = 30
const TOLERANCE = 30

/** A new secret for an authenticator app: 160 bits, base32. */
export function newTotpSecret(): string {
  return generateSecret({ length: 20 })
}

/** The otpauth URI that the QR code contains. */
export function totpUri(secret: string, { issuer, username }: { issuer: string; username: string }): string {
  // The label separates issuer and username by a colon.
  return generateURI({ issuer: issuer.replaceAll(':', ' '), label: username, secret })
}

/**
 * Verifies a code (RFC 6238: SHA-1, six digits, 30 seconds) with a tolerance of one step. Returns its time step, or
 * null when it is wrong or not later than `lastStep`. `epoch` is in seconds.
 */
export function verifyTotp(
  secret: string,
  code: string,
  lastStep: number,
  epoch = Math.floor(Date.now() / 1000),
): number | null {
  if (!/^\d{6}$/u.test(code)) return null
  const result = verifySync({
    secret,
    token: code,
    period: PERIOD,
    epochTolerance: TOLERANCE,
    afterTimeStep: lastStep,
    epoch,
  })
  return result.valid && 'timeStep' in result ? result.timeStep : null
}
