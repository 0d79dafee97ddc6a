/** Units of a duration in seconds, largest first. */
export const UNITS = { days: 86_400, hours: 3_600, minutes: 60 } as const
export type Unit = keyof typeof UNITS

/** A duration as form fields: the typed number and its unit. */
export interface DurationText {
  number: string
  unit: Unit
}

/** The duration in its largest unit that gives a whole number: 604,800 seconds are 7 days. */
export function toDuration(seconds: number): DurationText {
  const unit = (Object.keys(UNITS) as Unit[]).find((each) => seconds % UNITS[each] === 0) ?? 'minutes'
  return { number: String(seconds / UNITS[unit]), unit }
}

/** The duration in seconds, NaN unless a whole number was typed. */
export function fromDuration({ number, unit }: DurationText): number {
  return /^\d{1,6}$/u.test(number.trim()) ? Number(number) * UNITS[unit] : Number.NaN
}
