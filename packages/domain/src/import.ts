import * as z from 'zod'
import { id } from './id.ts'
import { ROLES } from './policy/role.ts'
import { problem } from './refusal/fieldProblem.ts'
import type { Refusal } from './refusal/refusal.ts'
import { line } from './text/text.ts'
import { newPassword } from './user/password.ts'
import { about, type CreatedLink, dailyLimit, displayName, username } from './user/user.ts'
import { workspaceName } from './workspace.ts'

/** The most users in one file, and the most characters. */
export const IMPORT_MAX_ROWS = 10_000
export const IMPORT_MAX_TEXT = 4_000_000
/** The most rows of one call. */
export const IMPORT_CHUNK = 100
/** The most columns of a file. */
export const IMPORT_MAX_COLUMNS = 500

/** The most unfinished imports of one user. */
export const IMPORTS_BEGUN_MAX = 5

/** The fields that a column can have. */
export const IMPORT_FIELDS = ['username', 'displayName', 'about', 'role', 'workspaces', 'dailyLimit'] as const
export type ImportField = (typeof IMPORT_FIELDS)[number]

export const IMPORT_CREDENTIALS = ['link', 'password'] as const
export type ImportCredential = (typeof IMPORT_CREDENTIALS)[number]

// biome-ignore lint/suspicious/noControlCharactersInRegex: characters that no text file has
const BINARY = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd]/u

/**
 * Whether there is text below the first line. A single regular expression would need quadratic time for megabytes of
 * line breaks.
 */
function hasLineBelow(text: string): boolean {
  const end = text.search(/[\r\n]/u)
  return end !== -1 && text.slice(end).trim() !== ''
}

/** The text of a CSV file, with or without a byte order mark. */
const csv = z
  .string({ error: problem('REQUIRED_FILE') })
  .max(IMPORT_MAX_TEXT, { error: problem('FILE_TOO_LARGE', { megabytes: IMPORT_MAX_TEXT / 1_000_000 }) })
  .refine((text) => text.isWellFormed() && !BINARY.test(text), { error: problem('FILE_NOT_TEXT') })
  .refine(hasLineBelow, { error: problem('FILE_WITHOUT_ROWS') })

/** `import.preview`: reads a file and stores nothing. */
export const importPreview = z.strictObject({ text: csv })

/** The field of each column, in the file's order; null for a column that is not imported. */
export const importColumns = z
  .array(z.enum(IMPORT_FIELDS, { error: problem('UNKNOWN_COLUMN_FIELD') }).nullable())
  .max(IMPORT_MAX_COLUMNS, { error: problem('TOO_MANY_COLUMNS', { max: IMPORT_MAX_COLUMNS }) })
  .refine((fields) => fields.includes('username'), { error: problem('REQUIRED_USERNAME_COLUMN') })
  .refine((fields) => IMPORT_FIELDS.every((field) => fields.filter((each) => each === field).length < 2), {
    error: problem('DUPLICATE_COLUMN_FIELD'),
  })

/** `import.create`: checks every row and stores them, to be run later. */
export const importCreate = z.strictObject({
  text: csv,
  fileName: line(200),
  columns: importColumns,
  credential: z.enum(IMPORT_CREDENTIALS, { error: problem('REQUIRED_SIGN_IN_METHOD') }),
  organizationId: id.optional(),
})

export const onImport = z.strictObject({ importId: id })

/** `import.run`: runs some of the rows. The client generates the passwords, since no answer ever contains one. */
export const importRun = z.strictObject({
  importId: id,
  rows: z
    .array(
      z.strictObject({
        number: z
          .int({ error: problem('INVALID_ROW') })
          .min(1, { error: problem('INVALID_ROW') })
          .max(IMPORT_MAX_ROWS, { error: problem('INVALID_ROW') }),
        password: newPassword.optional(),
      }),
    )
    .min(1, { error: problem('REQUIRED_ROW') })
    .max(IMPORT_CHUNK, { error: problem('TOO_MANY', { max: IMPORT_CHUNK }) }),
})

/** The user of one row, by the rules of `user.create`. */
export const importUser = z
  .strictObject({
    username,
    displayName,
    about,
    role: z.enum(ROLES, { error: problem('UNKNOWN_ROLE') }),
    dailyLimit,
    workspaces: z.array(workspaceName).max(50, { error: problem('TOO_MANY_WORKSPACES', { max: 50 }) }),
    extra: z.array(z.string()).max(0, { error: problem('TOO_MANY_CELLS') }),
  })
  .refine((user) => user.role !== 'administrator' || user.dailyLimit === null, {
    path: ['dailyLimit'],
    error: problem('LIMIT_NOT_FOR_ADMINISTRATOR'),
  })
export type ImportUser = z.output<typeof importUser>

/** The columns of a file, with their guessed fields and first cells. */
export interface ImportPreview {
  separator: ',' | ';' | '\t'
  rowCount: number
  columns: { name: string; guess: ImportField | null; sample: string[] }[]
}

/** `create` and `refused` before the row is run, `created` and `failed` after. */
export type ImportOutcome = 'create' | 'refused' | 'created' | 'failed'

/** One row of an import. A created user's values come from their account. */
export interface ImportRow {
  number: number
  username: string | null
  displayName: string | null
  role: string
  workspaces: string
  outcome: ImportOutcome
  refusal: Refusal | null
  userId: string | null
}

/** An import as a list shows it. */
export interface ImportSummary {
  id: string
  organizationId: string
  fileName: string
  createdAt: string
  /** Null when the reader can't see the user, who belongs to another organization. */
  createdBy: { id: string; username: string | null } | null
  /** Whether the reader created it. No other user can run it or see its rows. */
  mine: boolean
  status: 'ready' | 'running' | 'done'
  credential: ImportCredential
  rowCount: number
  /** The number of rows still to create, and of created rows. */
  waiting: number
  created: number
  /** The number of rows that were discarded. */
  discarded: number
}
export interface ImportDetail extends ImportSummary {
  rows: ImportRow[]
}

/** The result of a row. `elsewhere`: another run processes it, or did before. */
export interface ImportRunRow {
  number: number
  outcome: 'created' | 'failed' | 'elsewhere'
  refusal: Refusal | null
  userId: string | null
  /** The one-time link, which is shown only here. */
  link: CreatedLink | null
}
export interface ImportRunResult {
  rows: ImportRunRow[]
  waiting: number
}

/** The result of discarding an import. */
export interface ImportDiscarded {
  /** The number of discarded rows, and of users created before, who stay. */
  discarded: number
  created: number
  /** Whether the import stays as finished, with its results, because some rows were run. */
  kept: boolean
}
