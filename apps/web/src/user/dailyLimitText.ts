import { DAILY_LIMIT_OFFERED } from '@roster/domain'

/** A daily limit as form fields: a switch and the typed number. */
export interface LimitText {
  on: boolean
  number: string
}

/** The fields for a limit. Turning the switch on offers the default limit. */
export function toLimitText(limit: number | null): LimitText {
  return { on: limit !== null, number: String(limit ?? DAILY_LIMIT_OFFERED) }
}

/** The limit in the fields; NaN if it is no whole number, which the domain's schema rejects with a message. */
export function fromLimitText({ on, number }: LimitText): number | null {
  if (!on) return null
  return /^\d+$/.test(number.trim()) ? Number(number.trim()) : Number.NaN
}
