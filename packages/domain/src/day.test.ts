import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayEnd, dayOf, lastDayOf } from './day.ts'

test.each([
  ['2026-12-31', 'UTC', '2027-01-01T00:00:00.000Z'],
  ['2026-12-31', 'Europe/Berlin', '2026-12-31T23:00:00.000Z'],
  ['2026-07-01', 'Europe/Berlin', '2026-07-01T22:00:00.000Z'],
  ['2026-03-28', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-02-28', 'Pacific/Kiritimati', '2026-02-28T10:00:00.000Z'],
  ['2026-02-28', 'America/Los_Angeles', '2026-03-01T08:00:00.000Z'],
  // The clocks skip midnight there, so the next day begins at one o’clock.
  ['2024-04-25', 'Africa/Cairo', '2024-04-25T22:00:00.000Z'],
])('the day %s in %s ends at %s', (day, timeZone, end) => {
  expect(dayEnd(day, timeZone).toISOString()).toBe(end)
})

test('a day ends where the next one begins', () => {
  const zones = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'America/Santiago',
    'Pacific/Apia',
  )
  const times = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2060, 0, 1) })
  fc.assert(
    fc.property(zones, times, (zone, time) => {
      const day = dayOf(new Date(time), zone)
      const end = dayEnd(day, zone)
      expect(end.getTime()).toBeGreaterThan(time)
      expect(lastDayOf(end.toISOString(), zone)).toBe(day)
      expect(dayOf(end, zone) > day).toBe(true)
    }),
  )
})
