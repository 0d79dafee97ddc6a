import * as z from 'zod'
import { BackupRefused } from './refused.ts'

export const FORMAT = 'roster-backup'
export const FORMAT_VERSION = 1

const header = z.object({
  format: z.literal(FORMAT),
  version: z.literal(FORMAT_VERSION),
  madeAt: z.iso.datetime(),
  instanceName: z.string(),
  /** The names of the migrations of the version that wrote it. */
  migrations: z.array(z.string()),
  /** The months (first days, UTC) of the audit events. */
  auditMonths: z.array(z.iso.date()),
})
export type BackupHeader = z.infer<typeof header>

const table = z.object({ table: z.string(), columns: z.array(z.string()).min(1) })
const end = z.object({ table: z.string(), rows: z.int().min(0) })
const trailer = z.object({ sha256: z.hex() })

function reader<S extends z.ZodType>(schema: S): (content: Buffer) => z.output<S> {
  return (content) => {
    try {
      return schema.parse(JSON.parse(content.toString('utf8')))
    } catch (cause) {
      throw new BackupRefused('This is not a backup that this version of Roster can read.', { cause })
    }
  }
}
export const readHeader = reader(header)
export const readTable = reader(table)
export const readEnd = reader(end)
export const readTrailer = reader(trailer)
