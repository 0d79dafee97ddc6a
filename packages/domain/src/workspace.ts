import * as z from 'zod'
import { id } from './id.ts'
import { problem } from './refusal/fieldProblem.ts'
import { line } from './text/text.ts'
import { expectedVersion, page } from './user/user.ts'

/** A workspace's name: 1 to 80 characters, unique in its organization ignoring case. */
export const workspaceName = line(80).refine((text) => text.length > 0, { error: problem('REQUIRED_NAME') })

export const onWorkspace = z.strictObject({ workspaceId: id })
export const workspaceCreate = z.strictObject({ name: workspaceName, organizationId: id.optional() })
export const workspaceRename = z.strictObject({ workspaceId: id, name: workspaceName })
/**
 * Archiving and restoring. `expectedVersion`, the `archiveVersion` of an earlier answer, binds an Undo to that call.
 */
export const workspaceArchive = z.strictObject({ workspaceId: id, expectedVersion: expectedVersion.optional() })
/** `confirmation`: the name of the workspace, as typed. */
export const workspaceDelete = z.strictObject({ workspaceId: id, confirmation: z.string().max(320) })
export const workspaceList = z.strictObject({
  search: z.string().max(200).trim().optional(),
  archived: z.boolean().optional(),
  organizationId: id.optional(),
  page: page.default({ size: 50 }),
})

/** A workspace in a list. `assigned`: the reader is a member. */
export interface WorkspaceRow {
  id: string
  organizationId: string
  name: string
  archivedAt: string | null
  createdAt: string
  memberCount: number
  assigned: boolean
  /** When the reader's own membership expires. */
  expiresAt: string | null
}
export interface WorkspaceDetail extends WorkspaceRow {
  organizationName: string
  /** The time zone of the organization. */
  timeZone: string
}
