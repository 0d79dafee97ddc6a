import * as z from 'zod'
import { organizationName } from '../organization.ts'
import { problem } from '../refusal/fieldProblem.ts'
import { newPassword } from '../user/password.ts'
import { displayName, username } from '../user/user.ts'
import { instanceName, supportAddress } from './system.ts'

/** `setup.run`: the setup code, the first organization and the first administrator. */
export const setupRun = z.strictObject({
  code: z
    .string({ error: problem('REQUIRED_SETUP_CODE') })
    .trim()
    .min(1, { error: problem('REQUIRED_SETUP_CODE') })
    .max(100, { error: problem('TOO_LONG', { max: 100 }) }),
  organizationName,
  username,
  displayName: displayName.optional(),
  password: newPassword,
})
export const setupNameInstance = z.strictObject({
  name: instanceName,
  supportAddress: supportAddress.nullable().optional(),
})

/** Whether the instance has an administrator. The sign-in page gets this without a session. */
export interface SetupStatus {
  setUp: boolean
  instanceName: string
  supportAddress: string | null
}

/** The checklist after setup. Each step is computed from the present data. */
export interface SetupChecklist {
  instanceNamed: boolean
  users: number
  workspaces: number
  members: number
  address: string
  addressSet: boolean
  tls: boolean
  /** A default user who is a member of a workspace, and what they see; null when there is none. */
  defaultUserSees: { userId: string; username: string; workspaces: string[] } | null
}
