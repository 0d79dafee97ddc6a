import { setImmediate } from 'node:timers/promises'
import { CsvError, parse } from 'csv-parse'

/** Characters parsed before the rows are counted. */
const SLICE = 16_384
/** The longest record, far above what a user's fields may contain. Characters. */
const RECORD_MAX = 200_000
const SEPARATORS = [',', ';', '\t'] as const
type Separator = (typeof SEPARATORS)[number]

/** A parsed CSV file. A row may have fewer or more cells than the header. */
export interface ParsedCsv {
  separator: Separator
  header: string[]
  rows: string[][]
}

/** Why a file can't be read. `line` is 0 when it has no place. */
export interface UnreadableCsv {
  why: 'quote' | 'rows' | 'columns' | 'empty'
  line: number
}

/** A file's text, and the most rows and columns it may have. */
export interface CsvText {
  text: string
  maxRows: number
  maxColumns: number
}

/**
 * Parses a CSV file's text in slices, so that a file with too many rows is not read to its end. The most frequent
 * separator of the header counts.
 */
export async function parseCsv({ text, maxRows, maxColumns }: CsvText): Promise<ParsedCsv | UnreadableCsv> {
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text
  const separator = separatorOf(plain)
  const records: string[][] = []
  let failed: unknown
  const parser = parse({
    delimiter: separator,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: RECORD_MAX,
  })
  parser.on('readable', () => {
    for (let record = parser.read() as string[] | null; record !== null; record = parser.read() as string[] | null) {
      // Spreadsheets write an emptied row as a line of separators only.
      if (records.length === 0 || record.some((cell) => cell.trim() !== '')) records.push(record)
    }
  })
  const finished = new Promise<void>((resolve) => {
    parser.once('end', resolve).once('error', (error) => {
      failed = error
      resolve()
    })
  })
  for (let at = 0; at < plain.length && failed === undefined && records.length <= maxRows + 1; ) {
    const end = sliceEnd(plain, at)
    parser.write(plain.slice(at, end))
    at = end
    await setImmediate()
  }
  if (records.length > maxRows + 1) {
    parser.destroy()
    return { why: 'rows', line: 0 }
  }
  if (failed === undefined) parser.end()
  await finished
  if (failed !== undefined) {
    if (failed instanceof CsvError) return { why: 'quote', line: Number(failed['lines'] ?? 0) }
    throw failed
  }
  const [header = [], ...rows] = records
  if (rows.length > maxRows) return { why: 'rows', line: 0 }
  if (header.length > maxColumns) return { why: 'columns', line: 1 }
  if (rows.length === 0) return { why: 'empty', line: 0 }
  return { separator, header: header.map((cell) => cell.trim()), rows }
}

/** The end of a slice. It does not split a surrogate pair, which would corrupt the character. */
function sliceEnd(text: string, at: number): number {
  const end = at + SLICE
  return (text.codePointAt(end - 1) ?? 0) > 0xffff ? end + 1 : end
}

/** The most frequent separator of the header, outside of quotes. */
function separatorOf(text: string): Separator {
  const counts = new Map<string, number>()
  let quoted = false
  for (const character of text.trimStart().slice(0, RECORD_MAX)) {
    if (character === '"') quoted = !quoted
    else if (!quoted && (character === '\n' || character === '\r')) break
    else if (!quoted) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  return SEPARATORS.reduce(
    (best, each) => ((counts.get(each) ?? 0) > (counts.get(best) ?? 0) ? each : best),
    ',' as Separator,
  )
}
