import { generateSync } from 'otplib'
import type { TestInstance } from './instance.ts'

/** The code of a secret so many steps from now. */
export function codeOf(secret: string, steps = 0): string {
  return generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + 30 * steps })
}

/** Set up an authenticator for somebody, by their own calls; its first code was the last step's, so that the present one is still good. */
export async function withTotp({ as }: Pick<TestInstance, 'as'>, user: { id: string }): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret, ticket } = await as(user).factor.beginTotp.mutate()
  const { recoveryCodes } = await as(user).factor.confirmTotp.mutate({ ticket, code: codeOf(secret, -1) })
  return { secret, recoveryCodes: recoveryCodes ?? [] }
}
