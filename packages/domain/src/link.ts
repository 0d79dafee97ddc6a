import * as z from 'zod'
import { newPassword } from './password.ts'

/** A link's secret, from the fragment of its address. */
const token = z.string({ error: 'The link is incomplete.' }).min(1, { error: 'The link is incomplete.' }).max(100, { error: 'The link is not valid.' })
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
