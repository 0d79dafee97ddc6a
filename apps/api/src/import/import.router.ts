import { findImport, importRows, listImports } from '@roster/db'
import { type ImportDetail, type ImportPreview, importCreate, importPreview, onImport, refuse, visibleScope } from '@roster/domain'
import * as z from 'zod'
import { change } from '../call/change.ts'
import { read } from '../call/read.ts'
import { t } from '../trpc.ts'
import { createImport, prepareImport } from './createImport.ts'
import { discardImport } from './discardImport.ts'
import { guessColumns } from './guessColumns.ts'
import { parseCsv } from './parseCsv.ts'
import { runImport } from './runImport.ts'

/** So many first cells of a column are shown, cut to so many characters. */
const SAMPLE = 3
const SAMPLE_MAX = 80

export const importRouter = t.router({
  /** What a CSV file holds: its columns, what they seem to be, and their first cells. Nothing is kept. @throws FILE_UNREADABLE */
  preview: read('import.preview', importPreview, async ({ input }): Promise<ImportPreview> => {
    const { separator, header, rows } = await parseCsv(input.text)
    const guesses = guessColumns(header)
    const columns = header.map((name, at) => ({
      name: cut(name),
      guess: guesses[at] ?? null,
      sample: rows.slice(0, SAMPLE).map((row) => cut(row[at] ?? '')),
    }))
    return { separator, rowCount: rows.length, columns }
  }),

  /** The dry run: each row is looked at by the rules and the policy of `user.create`, and kept to be run. Nobody is created. @throws FILE_UNREADABLE, TOO_MANY_IMPORTS */
  create: change('import.create', { input: importCreate, prepare: prepareImport }, createImport),

  /** Create the people of some rows. @throws NOT_FOUND when it isn't one's own */
  run: runImport,

  /** End one's own unfinished import: what waits goes at once, what was created stays. @throws NOT_FOUND when it isn't one's own, IMPORT_FINISHED */
  discard: change('import.discard', { input: onImport }, discardImport),

  /** One's own import with its rows. @throws NOT_FOUND */
  get: read('import.get', onImport, async ({ services, actor, input }): Promise<ImportDetail> => {
    const { prisma } = services.db
    const found = await findImport(prisma, visibleScope(actor, 'user'), actor.id, input.importId)
    if (!found) throw refuse('NOT_FOUND', { what: 'import' })
    return { ...found, rows: await importRows(prisma, visibleScope(actor, 'user'), found.id) }
  }),

  /** The latest imports of one's organizations: one's own, and those that others ran. */
  list: read('import.list', z.strictObject({}), async ({ services, actor }) => listImports(services.db.prisma, visibleScope(actor, 'user'), actor.id)),
})

function cut(text: string): string {
  const characters = [...text.trim()]
  return characters.length > SAMPLE_MAX ? `${characters.slice(0, SAMPLE_MAX).join('')}…` : text.trim()
}
