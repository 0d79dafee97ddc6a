import * as z from 'zod'
import { organizationName } from './organization.ts'
import { newPassword } from './password.ts'
import { line } from './text.ts'
import { displayName, username } from './user.ts'

export const instanceName = line(60).refine((text) => text.length > 0, { error: 'Enter a name.' })

/** `setup.run`: the code of the running start, the first organization and the first administrator. */
export const setupRun = z.strictObject({
  code: z.string({ error: 'Enter the setup code.' }).trim().min(1, { error: 'Enter the setup code.' }).max(100, { error: 'At most 100 characters.' }),
  organizationName,
  username,
  displayName: displayName.optional(),
  password: newPassword,
})
export const setupNameInstance = z.strictObject({ name: instanceName, supportAddress: line(200).nullable().optional() })

/** Whether the instance waits for its first administrator; what the sign-in page may know without a session. */
export interface SetupStatus {
  setUp: boolean
  instanceName: string
  supportAddress: string | null
}

/** The checklist after setup: each step as it really is. */
export interface SetupChecklist {
  instanceNamed: boolean
  people: number
  workspaces: number
  members: number
  address: string
  addressSet: boolean
  tls: boolean
  /** A workspace with a default user in it, to be looked at as they will see it; null when there is none. */
  defaultUserSees: { userId: string; username: string; workspaces: string[] } | null
}
