import * as z from 'zod'
import { problem } from './fieldProblem.ts'
import { id } from './id.ts'
import { newPassword } from './password.ts'
import type { Refusal } from './refusal.ts'
import { ROLES } from './role.ts'
import { line } from './text.ts'
import { about, type CreatedLink, dailyLimit, displayName, username } from './user.ts'
import { workspaceName } from './workspace.ts'

/** The most people of one file, and its longest text: characters. */
export const IMPORT_MAX_ROWS = 10_000
export const IMPORT_MAX_TEXT = 4_000_000
/** The most rows of one call. */
export const IMPORT_CHUNK = 100
/** The most columns of a file. */
export const IMPORT_MAX_COLUMNS = 500

/** How many imports of one person may be begun and not finished. */
export const IMPORTS_BEGUN_MAX = 5

/** What a column may hold. */
export const IMPORT_FIELDS = ['username', 'displayName', 'about', 'role', 'workspaces', 'dailyLimit'] as const
export type ImportField = (typeof IMPORT_FIELDS)[number]

export const IMPORT_CREDENTIALS = ['link', 'password'] as const
export type ImportCredential = (typeof IMPORT_CREDENTIALS)[number]

// biome-ignore lint/suspicious/noControlCharactersInRegex: what no text file holds
const NO_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd]/u

/** Whether anything stands below the first line. In one pass: a pattern that looks for it goes through megabytes of line breaks once for each of them. */
function hasLineBelow(text: string): boolean {
  const end = text.search(/[\r\n]/u)
  return end !== -1 && text.slice(end).trim() !== ''
}

/** A CSV file's text, with or without a byte order mark. */
const csv = z
  .string({ error: problem('REQUIRED_FILE') })
  .max(IMPORT_MAX_TEXT, { error: problem('FILE_TOO_LARGE', { megabytes: IMPORT_MAX_TEXT / 1_000_000 }) })
  .refine((text) => text.isWellFormed() && !NO_TEXT.test(text), { error: problem('FILE_NOT_TEXT') })
  .refine(hasLineBelow, { error: problem('FILE_WITHOUT_ROWS') })

/** `import.preview`: what a file holds, before anything is kept of it. */
export const importPreview = z.strictObject({ text: csv })

/** Which field each column of the file holds, in the file's order; null: the column is left out. */
export const importColumns = z
  .array(z.enum(IMPORT_FIELDS, { error: problem('UNKNOWN_COLUMN_FIELD') }).nullable())
  .max(IMPORT_MAX_COLUMNS, { error: problem('TOO_MANY_COLUMNS', { max: IMPORT_MAX_COLUMNS }) })
  .refine((fields) => fields.includes('username'), { error: problem('REQUIRED_USERNAME_COLUMN') })
  .refine((fields) => IMPORT_FIELDS.every((field) => fields.filter((each) => each === field).length < 2), { error: problem('DUPLICATE_COLUMN_FIELD') })

/** `import.create`: the dry run, kept to be run later. */
export const importCreate = z.strictObject({
  text: csv,
  fileName: line(200),
  columns: importColumns,
  credential: z.enum(IMPORT_CREDENTIALS, { error: problem('REQUIRED_SIGN_IN_METHOD') }),
  organizationId: id.optional(),
})

export const onImport = z.strictObject({ importId: id })

/** `import.run`: some of its rows. Passwords are made by whoever calls, since none is ever in an answer. */
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

/** One person as a row gives them, by the rules of `user.create`. */
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
  .refine((person) => person.role !== 'administrator' || person.dailyLimit === null, { path: ['dailyLimit'], error: problem('LIMIT_NOT_FOR_ADMINISTRATOR') })
export type ImportUser = z.output<typeof importUser>

/** What a file holds: its columns with what they seem to be, and their first cells. */
export interface ImportPreview {
  separator: ',' | ';' | '\t'
  rowCount: number
  columns: { name: string; guess: ImportField | null; sample: string[] }[]
}

/** `create`, `refused`: as looked at. `created`, `failed`: once run. */
export type ImportOutcome = 'create' | 'refused' | 'created' | 'failed'

/** One row of an import. What a created person is like stands in their own account from then on. */
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
  /** Null where the reader doesn't see them: an administrator of another organization, or whoever was moved to one. */
  createdBy: { id: string; username: string | null } | null
  /** Whether the reader made it: nobody else runs it, or sees its rows. */
  mine: boolean
  status: 'ready' | 'running' | 'done'
  credential: ImportCredential
  rowCount: number
  /** How many rows are still to be created, and how many were. */
  waiting: number
  created: number
  /** How many rows went because it was thrown away before they were done. */
  discarded: number
}
export interface ImportDetail extends ImportSummary {
  rows: ImportRow[]
}

/** What became of a row that was run. `elsewhere`: another run has it, or had it before. */
export interface ImportRanRow {
  number: number
  outcome: 'created' | 'failed' | 'elsewhere'
  refusal: Refusal | null
  userId: string | null
  /** The one-time link, told here and never again. */
  link: CreatedLink | null
}
export interface ImportRan {
  rows: ImportRanRow[]
  waiting: number
}

/** What throwing an import away came to. */
export interface ImportDiscarded {
  /** How many rows went, and how many people were created before, and stay. */
  discarded: number
  created: number
  /** Whether it is kept as finished, with its results: some of it was run. */
  kept: boolean
}
