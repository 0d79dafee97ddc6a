import * as z from 'zod'
import { problem } from './fieldProblem.ts'
import { id, ids } from './id.ts'
import { newPassword } from './password.ts'
import type { Role } from './role.ts'
import { lines } from './text.ts'
import { displayName, page, role, username } from './user.ts'

/** How many days an invitation lives at most, and unless something else is chosen. */
export const INVITATION_DAYS_MAX = 30
export const INVITATION_DAYS = 7
/** How many accounts one invitation makes at most. */
export const INVITATION_USES_MAX = 100

const DAYS = problem('NUMBER_OUT_OF_RANGE', { min: 1, max: INVITATION_DAYS_MAX })
const USES = problem('NUMBER_OUT_OF_RANGE', { min: 1, max: INVITATION_USES_MAX })

const days = z.int({ error: DAYS }).min(1, { error: DAYS }).max(INVITATION_DAYS_MAX, { error: DAYS })

/** What becomes of an invitation; `dead`: whoever gave it could not give it any more. Asked anew each time it is looked at. */
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
/** `invitation.resend`: a new link and a new end for the same invitation, whose old link stops working. */
export const invitationResend = z.strictObject({ invitationId: id, days: days.default(INVITATION_DAYS) })

/** An invitation's secret, from the fragment of its address. */
const token = z
  .string({ error: problem('INCOMPLETE_LINK') })
  .min(1, { error: problem('INCOMPLETE_LINK') })
  .max(100, { error: problem('INVALID_LINK') })
export const invitationInspect = z.strictObject({ token })
/** `invitation.accept`: one's own account. */
export const invitationAccept = z.strictObject({ token, username, displayName: displayName.optional(), password: newPassword })

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
  /** Null where the reader doesn't see them: an administrator of another organization, or whoever was moved to one. */
  createdBy: { id: string; username: string | null; displayName: string | null } | null
  /** Those that the reader sees; into an archived one nobody is put as long as it is. */
  workspaces: { id: string; name: string; archived: boolean }[]
  /** It leads into workspaces that the reader does not reach: they can't send it again. */
  beyondReach: boolean
}

/** What making (or making anew) an invitation gives, once: the path to put behind the console's address. */
export interface InvitationCreated {
  id: string
  path: string
  expiresAt: string
}

/** What an invitation says to whoever holds it. */
export interface InvitationInspected {
  organizationName: string
  role: Role
  invitedBy: string
  workspaces: string[]
  expiresAt: string
  passwordMin: number
}
