import { setImmediate } from 'node:timers/promises'
import { IMPORT_MAX_COLUMNS, IMPORT_MAX_ROWS, refuse } from '@roster/domain'
import { CsvError, parse } from 'csv-parse'

/** Characters parsed before others have their turn: about a millisecond. */
const SLICE = 16_384
/** The longest record. Characters; far beyond what a person's fields may hold. */
const RECORD_MAX = 200_000
const SEPARATORS = [',', ';', '\t'] as const
type Separator = (typeof SEPARATORS)[number]

/** A CSV file in parts. A row may have fewer cells than the header, or more. */
export interface ParsedCsv {
  separator: Separator
  header: string[]
  rows: string[][]
}

/** Parse a CSV file's text: the separator is the one its header has most of. Others have their turn meanwhile. @throws FILE_UNREADABLE */
export async function parseCsv(text: string): Promise<ParsedCsv> {
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text
  const separator = separatorOf(plain)
  const records: string[][] = []
  let failed: unknown
  const parser = parse({ delimiter: separator, relax_column_count: true, skip_empty_lines: true, max_record_size: RECORD_MAX })
  parser.on('readable', () => {
    for (let record = parser.read() as string[] | null; record !== null; record = parser.read() as string[] | null) {
      // A line of nothing but separators is what a spreadsheet leaves of an emptied row.
      if (records.length === 0 || record.some((cell) => cell.trim() !== '')) records.push(record)
    }
  })
  const ended = new Promise<void>((resolve) => {
    parser.once('end', resolve).once('error', (error) => {
      failed = error
      resolve()
    })
  })
  for (let at = 0; at < plain.length && failed === undefined && records.length <= IMPORT_MAX_ROWS + 1; ) {
    const end = sliceEnd(plain, at)
    parser.write(plain.slice(at, end))
    at = end
    await setImmediate()
  }
  if (records.length > IMPORT_MAX_ROWS + 1) {
    parser.destroy()
    throw refuse('FILE_UNREADABLE', { why: 'rows', line: 0 })
  }
  if (failed === undefined) parser.end()
  await ended
  if (failed !== undefined) {
    if (failed instanceof CsvError) throw refuse('FILE_UNREADABLE', { why: 'quote', line: Number(failed['lines'] ?? 0) })
    throw failed
  }
  const [header = [], ...rows] = records
  if (rows.length > IMPORT_MAX_ROWS) throw refuse('FILE_UNREADABLE', { why: 'rows', line: 0 })
  if (header.length > IMPORT_MAX_COLUMNS) throw refuse('FILE_UNREADABLE', { why: 'columns', line: 1 })
  if (rows.length === 0) throw refuse('FILE_UNREADABLE', { why: 'nobody', line: 0 })
  return { separator, header: header.map((cell) => cell.trim()), rows }
}

/** Where the slice that begins here ends: not within a character of two halves, each of which would be written as one that can't be read. */
function sliceEnd(text: string, at: number): number {
  const end = at + SLICE
  return (text.codePointAt(end - 1) ?? 0) > 0xffff ? end + 1 : end
}

/** The separator that the header has most of, outside of quotes. */
function separatorOf(text: string): Separator {
  const counts = new Map<string, number>()
  let quoted = false
  for (const character of text.trimStart().slice(0, RECORD_MAX)) {
    if (character === '"') quoted = !quoted
    else if (!quoted && (character === '\n' || character === '\r')) break
    else if (!quoted) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  return SEPARATORS.reduce((best, each) => ((counts.get(each) ?? 0) > (counts.get(best) ?? 0) ? each : best), ',' as Separator)
}
