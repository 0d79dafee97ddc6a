import * as z from 'zod'
import { id } from './id.ts'
import { problem } from './refusal/fieldProblem.ts'
import { line, lines } from './text/text.ts'
import { page } from './user/user.ts'

/** The most open requests of one user. */
export const REQUESTS_MAX = 10

/**
 * `request.create`: a member asks to add a colleague. They name the colleague in their own words, since they see no
 * list of users.
 */
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
/** `request.decide`: accepting adds the user to the workspace. */
export const requestDecide = z.strictObject({
  workspaceId: id,
  requestId: id,
  decision: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('accept'), userId: id }),
    z.strictObject({ kind: z.literal('decline') }),
  ]),
})

/** The state of a request. */
export type RequestState = 'open' | 'accepted' | 'declined'

/** A request as its author and its deciders see it. */
export interface RequestRow {
  id: string
  workspaceId: string
  workspaceName: string
  /** The colleague, in the author's words. */
  colleague: string
  note: string | null
  state: RequestState
  createdAt: string
  decidedAt: string | null
  /** Null when the reader can't see the author, who may have moved to another organization. */
  requestedBy: { id: string; username: string | null; displayName: string | null } | null
  /** The user who decided, and the added user. Only deciders who can see them get them. */
  decidedBy: { id: string; username: string | null } | null
  user: { id: string; username: string | null } | null
}

/** The result of a decision. `added` is false when the request was declined, or the user was already a member. */
export interface RequestDecided {
  added: boolean
}
