import * as z from 'zod'
import { problem } from './fieldProblem.ts'
import { PASSWORD_MIN } from './password.ts'
import { ROLES, type Role } from './role.ts'

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
  /** Characters of a new password, at least. */
  passwordMin: z
    .int()
    .min(PASSWORD_MIN, { error: problem('NUMBER_TOO_SMALL', { min: PASSWORD_MIN }) })
    .max(64, { error: problem('NUMBER_TOO_LARGE', { max: 64 }) }),
  /** Whether the first sign-in with a password that somebody else set always asks for a new one. */
  changeAtFirstSignIn: z.boolean(),
  /** Seconds a session lives without use, and in all. */
  sessionIdleSeconds: z
    .int()
    .min(300, { error: problem('DURATION_TOO_SHORT', { minutes: 5 }) })
    .max(31_536_000, { error: problem('DURATION_TOO_LONG', { days: 365 }) }),
  sessionAbsoluteSeconds: z
    .int()
    .min(300, { error: problem('DURATION_TOO_SHORT', { minutes: 5 }) })
    .max(31_536_000, { error: problem('DURATION_TOO_LONG', { days: 365 }) }),
  /** Failures by name and address before waits begin, and by address within 15 minutes. */
  freeAttempts: z
    .int()
    .min(3, { error: problem('NUMBER_OUT_OF_RANGE', { min: 3, max: 20 }) })
    .max(20, { error: problem('NUMBER_OUT_OF_RANGE', { min: 3, max: 20 }) }),
  addressAttempts: z
    .int()
    .min(10, { error: problem('NUMBER_OUT_OF_RANGE', { min: 10, max: 1000 }) })
    .max(1000, { error: problem('NUMBER_OUT_OF_RANGE', { min: 10, max: 1000 }) }),
  /** Roles that have to have a second factor, and that may hold API keys. */
  secondFactorRoles: roles,
  apiKeyRoles: roles,
  /** Networks from which each role may come; none: from anywhere. */
  administratorNetworks: networks,
  managerNetworks: networks,
  defaultNetworks: networks,
}

/** `security.update`: all security policies, over the version that was seen. */
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

/** The security policies as their page shows them. */
export interface SecurityDetail extends SecurityPolicies {
  version: number
  /** From where the reader is asking now: networks that leave it out are refused. */
  address: string
  /** How many of the commonest passwords are refused, and whose list that is. */
  commonPasswords: { count: number; source: string }
}

/** The field that holds a role's networks. */
export const NETWORKS_OF = {
  administrator: 'administratorNetworks',
  manager: 'managerNetworks',
  default: 'defaultNetworks',
} as const satisfies Record<Role, keyof SecurityPolicies>
