const formats = new Map<string, Intl.DateTimeFormat>()

function calendar(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const created = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    calendar: 'iso8601',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  formats.set(timeZone, created)
  return created
}

/** The calendar day (`2026-12-31`) of an instant in a time zone. */
export function dayOf(at: Date, timeZone: string): string {
  const parts = Object.fromEntries(
    calendar(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  return `${parts['year']?.padStart(4, '0')}-${parts['month']}-${parts['day']}`
}

const HOUR = 3_600_000

/**
 * The end of a day (`2026-12-31`) in a time zone: the first instant of the next day, also when the clocks change at
 * midnight.
 */
export function dayEnd(day: string, timeZone: string): Date {
  const start = Date.parse(`${day}T00:00:00Z`)
  // Time zones are at most 14 hours ahead of UTC and 12 hours behind it. A day has at most 26 hours.
  let [before, after] = [start - 16 * HOUR, start + 40 * HOUR]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (dayOf(new Date(middle), timeZone) > day) after = middle
    else before = middle
  }
  return new Date(after)
}

/** The last day before an instant, for an expiry that falls on the end of a day. */
export function lastDayOf(expiresAt: string, timeZone: string): string {
  return dayOf(new Date(Date.parse(expiresAt) - 1), timeZone)
}
