import * as z from 'zod'
import { id } from '../id.ts'
import { problem } from '../refusal/fieldProblem.ts'
import { role } from '../user/user.ts'
import { ACTIONS, actionKind } from './policy.ts'

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
