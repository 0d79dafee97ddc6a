import { DAILY_LIMIT_OFFERED } from '@roster/domain'

/** A daily limit as its fields hold it: whether there is one, and what was typed as its number. */
export interface LimitText {
  on: boolean
  number: string
}

/** The fields of a limit; a switch that is turned on offers 10. */
export function toLimitText(limit: number | null): LimitText {
  return { on: limit !== null, number: String(limit ?? DAILY_LIMIT_OFFERED) }
}

/** The limit that the fields mean; NaN for what is no whole number, which the domain's schema then refuses in words. */
export function fromLimitText({ on, number }: LimitText): number | null {
  if (!on) return null
  return /^\d+$/.test(number.trim()) ? Number(number.trim()) : Number.NaN
}
