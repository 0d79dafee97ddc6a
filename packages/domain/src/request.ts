import * as z from 'zod'
import { problem } from './fieldProblem.ts'
import { id } from './id.ts'
import { line, lines } from './text.ts'
import { page } from './user.ts'

/** How many open requests one person has at most. */
export const REQUESTS_MAX = 10

/** `request.create`: a member asks for a colleague, in their own words: they see no list of people. */
export const requestCreate = z.strictObject({
  workspaceId: id,
  colleague: line(200).refine((text) => text.length > 0, { error: problem('REQUIRED_NAME') }),
  note: lines(500).optional(),
})
export const requestList = z.strictObject({
  organizationId: id.optional(),
  workspaceId: id.optional(),
  open: z.boolean().optional(),
  page: page.default({ size: 25 }),
})
export const onRequest = z.strictObject({ requestId: id })
/** `request.decide`: accepted, somebody is put into the workspace. */
export const requestDecide = z.strictObject({
  workspaceId: id,
  requestId: id,
  decision: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('accept'), userId: id }), z.strictObject({ kind: z.literal('decline') })]),
})

/** What became of a request. */
export type RequestState = 'open' | 'accepted' | 'declined'

/** A request as whoever asked, or whoever may decide, sees it. */
export interface RequestRow {
  id: string
  workspaceId: string
  workspaceName: string
  /** Whom, in the asker's words. */
  colleague: string
  note: string | null
  state: RequestState
  createdAt: string
  decidedAt: string | null
  /** Null where the reader doesn't see them (any more), such as whoever was moved to another organization. */
  requestedBy: { id: string; username: string | null; displayName: string | null } | null
  /** Who decided, and who was added: told to those who may decide, and see them. */
  decidedBy: { id: string; username: string | null } | null
  user: { id: string; username: string | null } | null
}

/** What deciding did; `added` is false for a request that was declined, and for somebody who was in already. */
export interface RequestDecided {
  added: boolean
}
