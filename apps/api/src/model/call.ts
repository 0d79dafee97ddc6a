import type { Role } from '@roster/domain'
import type { TestInstance } from '../testing/instance.ts'
import type { Import, Invitation, ModelUser, Place, Tenant, World } from './world.ts'

/** Whom and what a call names; numbers that are drawn stand for whoever has that place in the cast. */
export interface Named {
  actor: ModelUser
  target: ModelUser
  others: readonly ModelUser[]
  place: Place
  placeAt: number
  tenant: Tenant
  tenantAt: number
  role: Role
  flag: boolean
  /** None while there are none. */
  invitation: Invitation | undefined
  invitationAt: number
  file: Import | undefined
  fileAt: number
}

export type Client = ReturnType<TestInstance['as']>

/** One kind of call: what the contract says of it, and how it is made. */
export interface Kind {
  /** The world after it; null where it has to be refused. */
  after: (world: World, named: Named) => World | null
  make: (client: Client, named: Named, world: World) => Promise<unknown>
  /** The world with what only the answer tells. */
  learn?: (world: World, answer: unknown) => World
  /** Made by nobody who is signed in. */
  anonymous?: true
}
