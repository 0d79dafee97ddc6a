/** How a sentence writes the values in it. The console passes its reader's formats. */
export interface ValueFormat {
  /** The current time in ms, for the time left until an instant. */
  now: number
  number: (value: number) => string
  /** The day and the minute of an ISO instant. */
  dateTime: (iso: string) => string
}

const DATE_TIME = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: 'UTC',
})
const NUMBER = new Intl.NumberFormat('en')

/** English values at this moment: 1,000 and 31 Dec 2026, 23:00 UTC. */
export function englishFormat(): ValueFormat {
  return {
    now: Date.now(),
    number: (value) => NUMBER.format(value),
    dateTime: (iso) => `${DATE_TIME.format(new Date(iso))} UTC`,
  }
}

/** The whole seconds until an ISO instant, at least 1. `now` in ms. */
export function secondsUntil(iso: string, now: number): number {
  return Math.max(1, Math.ceil((Date.parse(iso) - now) / 1000))
}
