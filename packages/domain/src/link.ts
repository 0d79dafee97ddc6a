import * as z from 'zod'
import { problem } from './fieldProblem.ts'
import { newPassword } from './password.ts'

/** A link's secret, from the fragment of its address. */
const token = z
  .string({ error: problem('INCOMPLETE_LINK') })
  .min(1, { error: problem('INCOMPLETE_LINK') })
  .max(100, { error: problem('INVALID_LINK') })
export const linkInspect = z.strictObject({ token })
export const linkAccept = z.strictObject({ token, password: newPassword })

/** How long a one-time link lives. */
export const LINK_LIFETIME_MS = 24 * 60 * 60 * 1000

/** Whose link it is, told to whoever holds it. */
export interface LinkInspected {
  username: string
  expiresAt: string
  /** How many characters the security policies ask of a new password. */
  passwordMin: number
}
