import { findImport, listImportRows, listImports } from '@roster/db'
import {
  type ImportDetail,
  type ImportPreview,
  importCreate,
  importPreview,
  onImport,
  refuse,
  visibleScope,
} from '@roster/domain'
import * as z from 'zod'
import { change } from '../call/change.ts'
import { read } from '../call/read.ts'
import { t } from '../trpc.ts'
import { createImport, prepareImport } from './createImport.ts'
import { discardImport } from './discardImport.ts'
import { guessColumns } from './guessColumns.ts'
import { readCsv } from './readCsv.ts'
import { runImport } from './runImport.ts'

/** Cells in a column's sample, and characters of a cell. */
const SAMPLE_CELLS = 3
const SAMPLE_LENGTH = 80

export const importRouter = t.router({
  /**
   * Reads a CSV file and returns its columns, the field that each seems to contain, and sample cells. Stores nothing.
   * @throws FILE_UNREADABLE
   */
  preview: read('import.preview', importPreview, async ({ actor, input }): Promise<ImportPreview> => {
    const { separator, header, rows } = await readCsv(actor.id, input.text)
    const guesses = guessColumns(header)
    const columns = header.map((name, at) => ({
      name: cut(name),
      guess: guesses[at] ?? null,
      sample: rows.slice(0, SAMPLE_CELLS).map((row) => cut(row[at] ?? '')),
    }))
    return { separator, rowCount: rows.length, columns }
  }),

  /**
   * Validates each row by the rules and the policy of `user.create` and stores the result for `run`. Creates no user
   * yet; returns the import's id.
   * @throws FILE_UNREADABLE, NOT_FOUND (organization), TOO_MANY_ATTEMPTS, TOO_MANY_IMPORTS
   */
  create: change('import.create', { input: importCreate, prepare: prepareImport }, createImport),

  /**
   * Creates the users of the given rows and returns each row's outcome.
   * @throws NOT_FOUND for another user's import,
   * BAD_INPUT, PASSWORD_TOO_SHORT, PASSWORD_COMMON
   */
  run: runImport,

  /**
   * Discards the remaining rows of the principal's own import; created users stay.
   * @throws NOT_FOUND for another
   * user's import, IMPORT_FINISHED
   */
  discard: change('import.discard', { input: onImport }, discardImport),

  /** Returns one of the principal's own imports with its rows. @throws NOT_FOUND for another user's import */
  get: read('import.get', onImport, async ({ services, actor, input }): Promise<ImportDetail> => {
    const { prisma } = services.db
    const found = await findImport(prisma, visibleScope(actor, 'user'), actor.id, input.importId)
    if (!found) throw refuse('NOT_FOUND', { what: 'import' })
    return { ...found, rows: await listImportRows(prisma, visibleScope(actor, 'user'), found.id) }
  }),

  /** Lists the latest imports within the principal's visibility: their own, and imports that other users ran. */
  list: read('import.list', z.strictObject({}), async ({ services, actor }) =>
    listImports(services.db.prisma, visibleScope(actor, 'user'), actor.id),
  ),
})

function cut(text: string): string {
  const characters = [...text.trim()]
  return characters.length > SAMPLE_LENGTH ? `${characters.slice(0, SAMPLE_LENGTH).join('')}…` : text.trim()
}
