/** Units to tell a duration in, largest first, in seconds. */
export const UNITS = { days: 86_400, hours: 3_600, minutes: 60 } as const
export type Unit = keyof typeof UNITS

/** A duration as a form holds it: a number as it is typed, and its unit. */
export interface DurationText {
  number: string
  unit: Unit
}

/** Seconds in the largest unit that tells them in whole numbers. 604,800 is 7 days. */
export function toDuration(seconds: number): DurationText {
  const unit = (Object.keys(UNITS) as Unit[]).find((each) => seconds % UNITS[each] === 0) ?? 'minutes'
  return { number: String(seconds / UNITS[unit]), unit }
}

/** Seconds; NaN where no whole number was typed. */
export function fromDuration({ number, unit }: DurationText): number {
  return /^\d{1,6}$/u.test(number.trim()) ? Number(number) * UNITS[unit] : Number.NaN
}
