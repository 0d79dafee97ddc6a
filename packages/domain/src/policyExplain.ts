import * as z from 'zod'
import { problem } from './fieldProblem.ts'
import { id } from './id.ts'
import { ACTIONS, actionKind } from './policy.ts'
import { role } from './user.ts'

/** The target of a question to the policy. Its kind must be that of the action. */
const target = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('user'), userId: id }),
  z.strictObject({ kind: z.literal('workspace'), workspaceId: id }),
  z.strictObject({ kind: z.literal('organization'), organizationId: id }),
  z.strictObject({ kind: z.literal('role'), role }),
])

/** `policy.explain`: whether a user may do an action, and why. */
export const policyExplain = z
  .strictObject({ userId: id, action: z.enum(ACTIONS, { error: problem('REQUIRED_ACTION') }), target })
  .refine((question) => actionKind(question.action) === question.target.kind, {
    path: ['target'],
    error: problem('REQUIRED_TARGET'),
  })
export type PolicyExplain = z.input<typeof policyExplain>
