import { NETWORKS_OF, ROLES, type Role, type SecurityDetail } from '@roster/domain'
import { type DurationText, fromDuration, toDuration } from './duration.ts'

/** The policies as form fields: numbers and networks are text. */
export interface PoliciesText {
  passwordMin: string
  changeAtFirstSignIn: boolean
  sessionIdleSeconds: DurationText
  sessionAbsoluteSeconds: DurationText
  freeAttempts: string
  addressAttempts: string
  secondFactorRoles: Role[]
  apiKeyRoles: Role[]
  administratorNetworks: string
  managerNetworks: string
  defaultNetworks: string
}

/** The form fields for the saved policies. */
export function toText(now: SecurityDetail): PoliciesText {
  return {
    passwordMin: String(now.passwordMin),
    changeAtFirstSignIn: now.changeAtFirstSignIn,
    sessionIdleSeconds: toDuration(now.sessionIdleSeconds),
    sessionAbsoluteSeconds: toDuration(now.sessionAbsoluteSeconds),
    freeAttempts: String(now.freeAttempts),
    addressAttempts: String(now.addressAttempts),
    secondFactorRoles: [...now.secondFactorRoles],
    apiKeyRoles: [...now.apiKeyRoles],
    administratorNetworks: now.administratorNetworks.join('\n'),
    managerNetworks: now.managerNetworks.join('\n'),
    defaultNetworks: now.defaultNetworks.join('\n'),
  }
}

const number = (text: string): number => (/^\d{1,6}$/u.test(text.trim()) ? Number(text) : Number.NaN)
const lines = (text: string): string[] =>
  text
    .split(/[\n,]/u)
    .map((line) => line.trim())
    .filter(Boolean)

/** The input of `security.update` for the form fields, over the version that filled the form. */
export function fromText(text: PoliciesText, { version }: SecurityDetail) {
  return {
    expectedVersion: version,
    secondFactorRoles: text.secondFactorRoles,
    apiKeyRoles: text.apiKeyRoles,
    passwordMin: number(text.passwordMin),
    changeAtFirstSignIn: text.changeAtFirstSignIn,
    sessionIdleSeconds: fromDuration(text.sessionIdleSeconds),
    sessionAbsoluteSeconds: fromDuration(text.sessionAbsoluteSeconds),
    freeAttempts: number(text.freeAttempts),
    addressAttempts: number(text.addressAttempts),
    administratorNetworks: lines(text.administratorNetworks),
    managerNetworks: lines(text.managerNetworks),
    defaultNetworks: lines(text.defaultNetworks),
  }
}

/** Each role with the field of its networks. */
export const NETWORK_FIELDS = ROLES.map((role) => ({ role, field: NETWORKS_OF[role] }))

/** The error of a field, or of one of its lines. */
export function errorAt(errors: Record<string, string>, field: string): string | undefined {
  return errors[field] ?? Object.entries(errors).find(([path]) => path.startsWith(`${field}.`))?.[1]
}
