import * as z from 'zod'
import { problem } from './refusal/fieldProblem.ts'
import { newPassword } from './user/password.ts'

/** A link's secret, from the fragment of its URL. */
const token = z
  .string({ error: problem('INCOMPLETE_LINK') })
  .min(1, { error: problem('INCOMPLETE_LINK') })
  .max(100, { error: problem('INVALID_LINK') })
export const linkInspect = z.strictObject({ token })
export const linkAccept = z.strictObject({ token, password: newPassword })

/** The lifetime of a one-time link. */
export const LINK_LIFETIME_MS = 24 * 60 * 60 * 1000

/** A one-time link as its recipient sees it. */
export interface LinkInspected {
  username: string
  expiresAt: string
  /** The minimum password length of the security policies. */
  passwordMin: number
}
