import * as z from 'zod'
import { id } from './id.ts'
import { problem } from './refusal/fieldProblem.ts'
import { line } from './text/text.ts'
import { page, role } from './user/user.ts'

/**
 * The workspaces in scope of an organization's managers: all of them, or those they are members of. They see all of its
 * users in both cases.
 */
export const MANAGER_SCOPES = ['organization', 'assigned'] as const
export type ManagerScope = (typeof MANAGER_SCOPES)[number]

export const ORGANIZATION_STATUSES = ['active', 'suspended', 'deleted'] as const
export type OrganizationStatus = (typeof ORGANIZATION_STATUSES)[number]

/** An organization's name: 1 to 80 characters, unique in the instance ignoring case. */
export const organizationName = line(80).refine((text) => text.length > 0, { error: problem('REQUIRED_NAME') })

/** A time zone by its IANA name, as this runtime knows it. */
export const timeZone = z
  .string({ error: problem('REQUIRED_TIME_ZONE') })
  .max(64, { error: problem('REQUIRED_TIME_ZONE') })
  .refine(isTimeZone, { error: problem('REQUIRED_TIME_ZONE') })

function isTimeZone(name: string): boolean {
  // An offset such as +01:00 has no daylight saving time.
  if (!/^[A-Za-z]/u.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export const onOrganization = z.strictObject({ organizationId: id })
export const organizationCreate = z.strictObject({ name: organizationName, timeZone: timeZone.optional() })
export const organizationRename = z.strictObject({ organizationId: id, name: organizationName })
export const organizationSetTimeZone = z.strictObject({ organizationId: id, timeZone })
export const organizationSetManagerScope = z.strictObject({ organizationId: id, managerScope: z.enum(MANAGER_SCOPES) })
export const organizationSetOversight = z.strictObject({ organizationId: id, oversight: z.boolean() })
/** `confirmation`: the name of the organization, as typed. */
export const organizationDelete = z.strictObject({ organizationId: id, confirmation: z.string().max(320) })
export const organizationList = z.strictObject({
  search: z.string().max(200).trim().optional(),
  status: z.enum(['active', 'suspended']).optional(),
  page: page.default({ size: 50 }),
})

/** `user.move`: to another organization. `expected` is the present one. */
export const userMove = z.strictObject({ userId: id, organizationId: id, expected: id, role: role.default('default') })

/** An organization in a list. Counts are exact to 10,000. */
export interface OrganizationRow {
  id: string
  name: string
  status: Exclude<OrganizationStatus, 'deleted'>
  createdAt: string
  users: number
  workspaces: number
}

/** An organization on its own page. */
export interface OrganizationDetail extends OrganizationRow {
  timeZone: string
  managerScope: ManagerScope
  oversight: boolean
  oversightSince: string | null
}
