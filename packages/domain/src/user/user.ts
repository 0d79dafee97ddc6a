import * as z from 'zod'
import { id, ids } from '../id.ts'
import { ROLES, type Role } from '../policy/role.ts'
import { problem } from '../refusal/fieldProblem.ts'
import { line, lines } from '../text/text.ts'
import { newPassword } from './password.ts'

export const USER_STATUSES = ['active', 'suspended', 'deleted'] as const
export type UserStatus = (typeof USER_STATUSES)[number]

/** A username: 2 to 64 of `a-z 0-9 . _ -`, starting with a letter or digit. */
export const username = z
  .string({ error: problem('REQUIRED_USERNAME') })
  .min(1, { error: problem('REQUIRED_USERNAME'), abort: true })
  .min(2, { error: problem('TOO_SHORT', { min: 2 }) })
  .max(64, { error: problem('TOO_LONG', { max: 64 }) })
  .regex(/^[a-z0-9._-]*$/u, { error: problem('INVALID_USERNAME_CHARACTERS') })
  .regex(/^[a-z0-9]/u, { error: problem('INVALID_USERNAME_START') })

export const displayName = line(100)
export const about = lines(1000)
export const role = z.enum(ROLES, { error: problem('REQUIRED_ROLE') })

/** A daily message limit: a whole number of 1 or more; null is no limit. */
export const dailyLimit = z
  .int({ error: problem('NOT_WHOLE_NUMBER', { min: 1 }) })
  .min(1, { error: problem('NOT_WHOLE_NUMBER', { min: 1 }) })
  .max(1_000_000, { error: problem('NUMBER_TOO_LARGE', { max: 1_000_000 }) })
  .nullable()

/** The limit that the form offers when the switch is turned on. */
export const DAILY_LIMIT_OFFERED = 10

/** `user.create`, with a password or a link. */
export const userCreate = z
  .strictObject({
    username,
    displayName: displayName.optional(),
    about: about.optional(),
    role: role.default('default'),
    organizationId: id.optional(),
    workspaceIds: ids.optional(),
    dailyLimit: dailyLimit.optional(),
    credential: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('password'), password: newPassword, changeRequired: z.boolean().default(true) }),
      z.strictObject({ kind: z.literal('link') }),
    ]),
  })
  .refine((input) => input.role !== 'administrator' || input.dailyLimit == null, {
    path: ['dailyLimit'],
    error: problem('LIMIT_NOT_FOR_ADMINISTRATOR'),
  })
export type UserCreate = z.input<typeof userCreate>

const profile = { displayName: displayName.nullable().optional(), about: about.nullable().optional() }

/** The version that the client last read, of a profile or a status. The call is refused when it has changed since. */
export const expectedVersion = z.int().min(1)

/** `user.update`: the username and profile of a user. */
export const userUpdate = z.strictObject({ userId: id, expectedVersion, username: username.optional(), ...profile })
export const LANGUAGES = ['en', 'de'] as const
export const THEMES = ['system', 'light', 'dark'] as const
/** A clock of 12 or 24 hours. */
export const TIME_FORMATS = ['12', '24'] as const

/** `profile.update`: display name, about, language, theme and time format (null: the language's own). */
export const profileUpdate = z.strictObject({
  userId: id,
  expectedVersion,
  ...profile,
  language: z.enum(LANGUAGES).nullable().optional(),
  theme: z.enum(THEMES).nullable().optional(),
  timeFormat: z.enum(TIME_FORMATS).nullable().optional(),
})

export const onUser = z.strictObject({ userId: id })
/**
 * Suspending and reactivating. `expectedVersion`, the `statusVersion` of an earlier answer, binds an Undo to that call.
 */
export const userSetStatus = z.strictObject({ userId: id, expectedVersion: expectedVersion.optional() })
/** `expected` is the present value. The call is refused when it has changed since. */
export const userSetRole = z.strictObject({ userId: id, role, expected: role })
export const userSetLimit = z.strictObject({ userId: id, dailyLimit, expected: dailyLimit })
export const userSetPassword = z.strictObject({
  userId: id,
  password: newPassword,
  changeRequired: z.boolean().default(true),
})
/** `confirmation`: the username, as typed. */
export const userDelete = z.strictObject({ userId: id, confirmation: z.string().max(64) })

/** The filter of the list, of “select all matching” and of exports. */
export const userFilter = z.strictObject({
  search: z.string().max(200).trim().optional(),
  role: z.array(role).max(3).optional(),
  status: z
    .array(z.enum(['active', 'suspended']))
    .max(2)
    .optional(),
  workspaceId: id.optional(),
  organizationId: id.optional(),
  neverSignedIn: z.literal(true).optional(),
  noSecondFactor: z.literal(true).optional(),
})
export type UserFilter = z.infer<typeof userFilter>

export const USER_SORTS = ['username', 'displayName', 'created', 'lastSeen'] as const
export type UserSort = (typeof USER_SORTS)[number]
export const PAGE_SIZES = [25, 50] as const

/** One page of a list: after or before a cursor of another page. `last`: the last page. */
export const page = z.strictObject({
  size: z.literal(PAGE_SIZES).default(25),
  after: z.string().max(6000).optional(),
  before: z.string().max(6000).optional(),
  last: z.literal(true).optional(),
})
export type Page = z.input<typeof page>

export const userList = z.strictObject({
  filter: userFilter.default({}),
  sort: z.enum(USER_SORTS).default('username'),
  descending: z.boolean().default(false),
  page: page.default({ size: 25 }),
})
export type UserList = z.input<typeof userList>
/** `user.export`: all users who match, in this order. */
export const userExport = userList.pick({ filter: true, sort: true, descending: true })
export type UserExport = z.input<typeof userExport>
export const userCount = z.strictObject({ filter: userFilter.default({}) })

/** Counts stop here. Above it, a count is “more than 10,000”. */
export const COUNT_MAX = 10_000
/** A count: exact up to 10,000, else `more` is true and `count` is 10,000. */
export interface Count {
  count: number
  more: boolean
}

/** One page of rows. A cursor is null when there is no page on that side. */
export interface Paged<Row> {
  rows: Row[]
  before: string | null
  after: string | null
}

/** A user in a list. */
export interface UserRow {
  id: string
  organizationId: string
  username: string
  displayName: string | null
  role: Role
  status: Exclude<UserStatus, 'deleted'>
  dailyLimit: number | null
  createdAt: string
  lastSeenAt: string | null
  secondFactor: boolean
  workspaceCount: number
  /** The first three, by name. */
  workspaces: { id: string; name: string }[]
}

/** A user on their own page. */
export interface UserDetail extends Omit<UserRow, 'workspaces' | 'workspaceCount'> {
  organizationName: string
  about: string | null
  language: string | null
  theme: string | null
  version: number
  editedAt: string | null
  editedBy: { id: string; username: string | null } | null
  createdBy: { id: string; username: string | null } | null
  passwordChangeRequired: boolean
  hasPassword: boolean
  /** The time zone of the organization. */
  timeZone: string
  /**
   * The workspaces that the reader can see. `assigned`: the reader is a member too. `expiresAt`: when the user's
   * membership expires.
   */
  workspaces: { id: string; name: string; archivedAt: string | null; assigned: boolean; expiresAt: string | null }[]
  openSessions: number
}

/**
 * A new link, shown only once: the path, for the console's origin. The token is in its fragment, which browsers never
 * send.
 */
export interface CreatedLink {
  path: string
  expiresAt: string
}
export interface UserCreated {
  user: UserRow
  link: CreatedLink | null
}
