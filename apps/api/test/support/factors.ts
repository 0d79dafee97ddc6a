import { generateSync } from 'otplib'
import type { TestInstance } from './instance.ts'

/** The TOTP code of a secret, `steps` time steps from now. */
export function codeOf(secret: string, steps = 0): string {
  return generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + 30 * steps })
}

/**
 * Sets up an authenticator app by the user's own calls. Confirms with the previous step's code, so that the current one
 * is still unused.
 */
export async function enableTotp(
  { as }: Pick<TestInstance, 'as'>,
  user: { id: string },
): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret, ticket } = await as(user).factor.beginTotp.mutate()
  const { recoveryCodes } = await as(user).factor.confirmTotp.mutate({ ticket, code: codeOf(secret, -1) })
  return { secret, recoveryCodes: recoveryCodes ?? [] }
}
