import * as z from 'zod'
import { problem } from './fieldProblem.ts'
import { id } from './id.ts'
import { line } from './text.ts'
import { expectedVersion, page } from './user.ts'

/** A workspace's name: 1 to 80 characters, unique in its organization ignoring case. */
export const workspaceName = line(80).refine((text) => text.length > 0, { error: problem('REQUIRED_NAME') })

export const onWorkspace = z.strictObject({ workspaceId: id })
export const workspaceCreate = z.strictObject({ name: workspaceName, organizationId: id.optional() })
export const workspaceRename = z.strictObject({ workspaceId: id, name: workspaceName })
/** Archiving and restoring: `seen`, the `archiveVersion` that an earlier call gave, binds an Undo to that call. */
export const workspaceArchive = z.strictObject({ workspaceId: id, expectedVersion: expectedVersion.optional() })
/** Deleting asks for the name to be typed. */
export const workspaceDelete = z.strictObject({ workspaceId: id, confirmation: z.string().max(320) })
export const workspaceList = z.strictObject({
  search: z.string().max(200).trim().optional(),
  archived: z.boolean().optional(),
  organizationId: id.optional(),
  page: page.default({ size: 50 }),
})

/** A workspace as a list shows it. `assigned`: whether the reader is a member of it. */
export interface WorkspaceRow {
  id: string
  organizationId: string
  name: string
  archivedAt: string | null
  createdAt: string
  memberCount: number
  assigned: boolean
  /** When the reader's own membership ends by itself. */
  expiresAt: string | null
}
export interface WorkspaceDetail extends WorkspaceRow {
  organizationName: string
  /** Where the organization's days begin and end. */
  timeZone: string
}
