import * as z from 'zod'
import { id, ids } from './id.ts'
import type { Role } from './policy/role.ts'
import { problem } from './refusal/fieldProblem.ts'
import { lines } from './text/text.ts'
import { newPassword } from './user/password.ts'
import { displayName, page, role, username } from './user/user.ts'

/** The longest and the default lifetime of an invitation, in days. */
export const INVITATION_DAYS_MAX = 30
export const INVITATION_DAYS = 7
/** The most users that one invitation can create. */
export const INVITATION_USES_MAX = 100

const DAYS = problem('NUMBER_OUT_OF_RANGE', { min: 1, max: INVITATION_DAYS_MAX })
const USES = problem('NUMBER_OUT_OF_RANGE', { min: 1, max: INVITATION_USES_MAX })

const days = z.int({ error: DAYS }).min(1, { error: DAYS }).max(INVITATION_DAYS_MAX, { error: DAYS })

/** `dead`: the user who created it can no longer give it. This is decided on every read. */
export const INVITATION_STATES = ['open', 'used', 'expired', 'revoked', 'dead'] as const
export type InvitationState = (typeof INVITATION_STATES)[number]

/** `invitation.create`: into the actor's own organization, unless another is given. */
export const invitationCreate = z.strictObject({
  role: role.default('default'),
  organizationId: id.optional(),
  workspaceIds: ids.optional(),
  days: days.default(INVITATION_DAYS),
  uses: z.int({ error: USES }).min(1, { error: USES }).max(INVITATION_USES_MAX, { error: USES }).default(1),
  note: lines(500).optional(),
})
export type InvitationCreate = z.input<typeof invitationCreate>

export const invitationList = z.strictObject({
  state: z.enum(INVITATION_STATES).optional(),
  organizationId: id.optional(),
  page: page.default({ size: 25 }),
})
export const onInvitation = z.strictObject({ invitationId: id })
/** `invitation.resend`: a new link and a new expiry for the same invitation. The old link stops working. */
export const invitationResend = z.strictObject({ invitationId: id, days: days.default(INVITATION_DAYS) })

/** An invitation's secret, from the fragment of its URL. */
const token = z
  .string({ error: problem('INCOMPLETE_LINK') })
  .min(1, { error: problem('INCOMPLETE_LINK') })
  .max(100, { error: problem('INVALID_LINK') })
export const invitationInspect = z.strictObject({ token })
/** `invitation.accept`: the new user's own account. */
export const invitationAccept = z.strictObject({
  token,
  username,
  displayName: displayName.optional(),
  password: newPassword,
})

/** An invitation as the list shows it. */
export interface InvitationRow {
  id: string
  organizationId: string
  role: Role
  note: string | null
  uses: number
  used: number
  state: InvitationState
  createdAt: string
  expiresAt: string
  /** Null when the reader can't see the user, who belongs to another organization. */
  createdBy: { id: string; username: string | null; displayName: string | null } | null
  /** The workspaces that the reader can see. No user is added to an archived one. */
  workspaces: { id: string; name: string; archived: boolean }[]
  /** It includes workspaces outside the reader's scope, so the reader can't resend it. */
  beyondReach: boolean
}

/** The answer to creating or resending an invitation. The path, for the console's origin, is shown only once. */
export interface InvitationCreated {
  id: string
  path: string
  expiresAt: string
}

/** An invitation as its recipient sees it. */
export interface InvitationInspected {
  organizationName: string
  role: Role
  invitedBy: string
  workspaces: string[]
  expiresAt: string
  passwordMin: number
}
