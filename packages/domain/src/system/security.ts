import * as z from 'zod'
import { ROLES, type Role } from '../policy/role.ts'
import { problem } from '../refusal/fieldProblem.ts'
import { PASSWORD_MIN } from '../user/password.ts'

/** A network in CIDR notation, or one address. */
const network = z
  .string({ error: problem('INVALID_NETWORK') })
  .trim()
  .max(50, { error: problem('INVALID_NETWORK') })
  .refine((text) => [z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()].some((shape) => shape.safeParse(text).success), {
    error: problem('INVALID_NETWORK'),
  })
const networks = z
  .array(network)
  .max(50, { error: problem('TOO_MANY_NETWORKS', { max: 50 }) })
  .transform((list) => [...new Set(list)])
const roles = z
  .array(z.enum(ROLES))
  .max(3)
  .transform((list) => ROLES.filter((role) => list.includes(role)))

const policies = {
  /** The minimum length of a new password. */
  passwordMin: z
    .int()
    .min(PASSWORD_MIN, { error: problem('NUMBER_TOO_SMALL', { min: PASSWORD_MIN }) })
    .max(64, { error: problem('NUMBER_TOO_LARGE', { max: 64 }) }),
  /** Whether the first sign-in with a password that another user set always requires a new one. */
  changeAtFirstSignIn: z.boolean(),
  /** Seconds until a session ends: without use, and in all. */
  sessionIdleSeconds: z
    .int()
    .min(300, { error: problem('DURATION_TOO_SHORT', { minutes: 5 }) })
    .max(31_536_000, { error: problem('DURATION_TOO_LONG', { days: 365 }) }),
  sessionAbsoluteSeconds: z
    .int()
    .min(300, { error: problem('DURATION_TOO_SHORT', { minutes: 5 }) })
    .max(31_536_000, { error: problem('DURATION_TOO_LONG', { days: 365 }) }),
  /** Failed attempts per username and address before delays start, and per address in 15 minutes. */
  freeAttempts: z
    .int()
    .min(3, { error: problem('NUMBER_OUT_OF_RANGE', { min: 3, max: 20 }) })
    .max(20, { error: problem('NUMBER_OUT_OF_RANGE', { min: 3, max: 20 }) }),
  addressAttempts: z
    .int()
    .min(10, { error: problem('NUMBER_OUT_OF_RANGE', { min: 10, max: 1000 }) })
    .max(1000, { error: problem('NUMBER_OUT_OF_RANGE', { min: 10, max: 1000 }) }),
  /** The roles that need a second factor, and the roles that may have API keys. */
  secondFactorRoles: roles,
  apiKeyRoles: roles,
  /** The networks that each role may sign in from; empty: any. */
  administratorNetworks: networks,
  managerNetworks: networks,
  defaultNetworks: networks,
}

/** `security.update`: all security policies. */
export const securityUpdate = z
  .strictObject({ expectedVersion: z.int().min(1), ...policies })
  .refine(({ sessionIdleSeconds, sessionAbsoluteSeconds }) => sessionIdleSeconds <= sessionAbsoluteSeconds, {
    path: ['sessionIdleSeconds'],
    error: problem('IDLE_EXCEEDS_SESSION'),
  })
export type SecurityUpdate = z.output<typeof securityUpdate>

/** The security policies. Times are seconds; networks are in CIDR notation. */
export interface SecurityPolicies {
  passwordMin: number
  changeAtFirstSignIn: boolean
  sessionIdleSeconds: number
  sessionAbsoluteSeconds: number
  freeAttempts: number
  addressAttempts: number
  secondFactorRoles: Role[]
  apiKeyRoles: Role[]
  administratorNetworks: string[]
  managerNetworks: string[]
  defaultNetworks: string[]
}
export const SECURITY_FIELDS = Object.keys(policies) as readonly (keyof SecurityPolicies)[]

/** The security policies on their own page. */
export interface SecurityDetail extends SecurityPolicies {
  version: number
  /** The reader's own address. Networks without it are refused. */
  address: string
  /** The number of common passwords that are refused, and the source of the list. */
  commonPasswords: { count: number; source: string }
}

/** The field with a role's networks. */
export const NETWORKS_OF = {
  administrator: 'administratorNetworks',
  manager: 'managerNetworks',
  default: 'defaultNetworks',
} as const satisfies Record<Role, keyof SecurityPolicies>
