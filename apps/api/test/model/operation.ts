import type { Role } from '@roster/domain'
import type { TestInstance } from '../support/instance.ts'
import type { ModelImport, ModelInvitation, ModelOrganization, ModelUser, ModelWorkspace, World } from './world.ts'

/** The rows of the world that a drawn call refers to. */
export interface OperationInput {
  actor: ModelUser
  target: ModelUser
  others: readonly ModelUser[]
  workspace: ModelWorkspace
  workspaceIndex: number
  organization: ModelOrganization
  organizationIndex: number
  role: Role
  flag: boolean
  /** Undefined while there are no invitations. */
  invitation: ModelInvitation | undefined
  invitationIndex: number
  /** Undefined while there are no imports. */
  userImport: ModelImport | undefined
  importIndex: number
}

export type Client = ReturnType<TestInstance['as']>

/** One kind of call: its expected effect on the world, and the API call. */
export interface Operation {
  /** The world after the call, or null when the contract refuses it. */
  apply: (world: World, input: OperationInput) => World | null
  call: (client: Client, input: OperationInput, world: World) => Promise<unknown>
  /** Adds the ids and names that only the answer contains. */
  complete?: (world: World, answer: unknown) => World
  /** The call needs no session. */
  anonymous?: true
}
