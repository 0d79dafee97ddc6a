const formats = new Map<string, Intl.DateTimeFormat>()

function calendar(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-CA', { timeZone, calendar: 'iso8601', year: 'numeric', month: '2-digit', day: '2-digit' })
  formats.set(timeZone, made)
  return made
}

/** The day, as `2026-12-31`, that an instant lies in somewhere. */
export function dayOf(at: Date, timeZone: string): string {
  const parts = Object.fromEntries(
    calendar(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  return `${parts['year']?.padStart(4, '0')}-${parts['month']}-${parts['day']}`
}

const HOUR = 3_600_000

/** When a day (`2026-12-31`) is over somewhere: the first instant of the next one, whatever the clocks do at midnight. */
export function dayEnd(day: string, timeZone: string): Date {
  const start = Date.parse(`${day}T00:00:00Z`)
  // No place is further than 14 hours before, or 12 behind, universal time; a day has 26 hours at most.
  let [before, after] = [start - 16 * HOUR, start + 40 * HOUR]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (dayOf(new Date(middle), timeZone) > day) after = middle
    else before = middle
  }
  return new Date(after)
}

/** The last day of what ends at an instant: the one before, where it ends with a day. */
export function lastDayOf(expiresAt: string, timeZone: string): string {
  return dayOf(new Date(Date.parse(expiresAt) - 1), timeZone)
}
