import type { ValueFormat } from '@roster/domain'
import { language } from './language.ts'
import { timeFormat } from './timeFormat.ts'

/**
 * The reader's regional variant of the language, if their browser names one: 24 Nov 2026 in Britain, Nov 24, 2026 in
 * the United States.
 */
function locale(): string {
  return navigator.languages.find((each) => each.split('-')[0] === language.value) ?? language.value
}

const formats = new Map<string, Intl.DateTimeFormat>()

const HOUR_CYCLE = { '12': 'h12', '24': 'h23' } as const

/** A formatter in the reader's language, time zone and time format. */
function dateFormat(wanted: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const hours = wanted.timeStyle && timeFormat.value ? { hourCycle: HOUR_CYCLE[timeFormat.value] } : {}
  const options = { ...wanted, ...hours }
  const key = `${locale()} ${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known) return known
  const created = new Intl.DateTimeFormat(locale(), options)
  formats.set(key, created)
  return created
}

/** 12,345 or 12.345. */
export function formatNumber(value: number): string {
  return new Intl.NumberFormat(locale()).format(value)
}

/** The day of an ISO instant, in the reader's time zone: "Nov 24, 2026". */
export function formatDate(iso: string): string {
  return dateFormat({ dateStyle: 'medium' }).format(new Date(iso))
}

/** A calendar day (`2026-12-31`), in any time zone: "Dec 31, 2026". */
export function formatDay(day: string): string {
  return dateFormat({ dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))
}

/** Day and minute of an ISO instant: "Nov 24, 2026, 9:15 AM". */
export function formatDateTime(iso: string): string {
  return dateFormat({ dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso))
}

/** The time of an ISO instant, to the minute ("9:15 AM") or the second. */
export function formatTime(iso: string, seconds = false): string {
  return dateFormat({ timeStyle: seconds ? 'medium' : 'short' }).format(new Date(iso))
}

/** The reader's formats for the values in the domain's sentences. */
export function readerFormat(): ValueFormat {
  return { now: Date.now(), number: formatNumber, dateTime: formatDateTime }
}

/** A list of names: "Ann, Ben and Cem". */
export function formatList(names: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: 'conjunction' }).format(names)
}

const STEPS = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['week', 7 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
] as const

/**
 * The time since (or until) an ISO instant in its largest unit: "2 hours ago", or "now" under a minute. `now` in ms.
 */
export function formatRelative(iso: string, now: number): string {
  const seconds = (new Date(iso).getTime() - now) / 1000
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' })
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit)
  }
  return relative.format(0, 'second')
}

/** Compares texts by the reader's language, and digits by value. */
export function compareText(a: string, b: string): number {
  return a.localeCompare(b, locale(), { numeric: true, sensitivity: 'base' })
}
