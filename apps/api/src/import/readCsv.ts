import { IMPORT_MAX_COLUMNS, IMPORT_MAX_ROWS, refuse } from '@roster/domain'
import { ChildEnded, ChildPool } from '../childPool/childPool.ts'
import type { CsvText, ParsedCsv, UnreadableCsv } from './parseCsv.ts'

/** Parsing takes many times a file's size in memory. */
const LIMITS = { memory: 400 * 2 ** 20, time: 60_000, concurrency: 2, queueTimeout: 20_000, queueLimit: 3 }

const children = new ChildPool<CsvText, ParsedCsv | UnreadableCsv>(
  new URL('./parseCsv.child.ts', import.meta.url),
  LIMITS,
)

/**
 * Parses a user's CSV file in a child process.
 * @throws FILE_UNREADABLE; BUSY when too many files are read
 */
export async function readCsv(userId: string, text: string): Promise<ParsedCsv> {
  const parsed = await children
    .run(userId, { text, maxRows: IMPORT_MAX_ROWS, maxColumns: IMPORT_MAX_COLUMNS })
    .catch((error: unknown) => {
      throw error instanceof ChildEnded ? refuse('FILE_UNREADABLE', { why: 'effort', line: 0 }) : error
    })
  if ('why' in parsed) throw refuse('FILE_UNREADABLE', parsed)
  return parsed
}
