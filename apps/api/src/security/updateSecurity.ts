import { findLastInstanceChange, readSecurity, writeSecurity } from '@roster/db'
import {
  type AuditedValues,
  NETWORKS_OF,
  refuse,
  SECURITY_FIELDS,
  type SecurityPolicies,
  type SecurityUpdate,
} from '@roster/domain'
import type { ChangeContext } from '../call/change.ts'
import { isInNetworks } from './network.ts'

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/**
 * Updates the security policies. Equal policies change nothing; shorter session lifetimes apply to open sessions at
 * once.
 * @throws CONFLICT when there is a newer version, LOCKS_OUT_AUTHOR when the actor could no longer sign in
 */
export async function updateSecurity({
  tx,
  user,
  actor,
  input,
  record,
}: ChangeContext<SecurityUpdate>): Promise<{ version: number }> {
  const { expectedVersion, ...policies } = input
  const { version, ...current } = await readSecurity(tx)
  const changed = SECURITY_FIELDS.filter((field) => !isSame(policies[field], current[field]))
  if (expectedVersion !== version) {
    const fields = changed.map((field) => ({ field, theirs: JSON.stringify(current[field]) }))
    const last = await findLastInstanceChange(tx, ['security.update'])
    throw refuse('CONFLICT', { version, at: last?.at ?? new Date().toISOString(), by: last?.by ?? null, fields })
  }
  if (changed.length === 0) return { version }
  const networks = policies[NETWORKS_OF[actor.role]]
  const { address } = user
  if (!isInNetworks(networks.length > 0 ? networks : null, address))
    throw refuse('LOCKS_OUT_AUTHOR', { why: 'network', address })
  // The session's row may be older than this transaction, which locks the user's row.
  const { secondFactor } = await tx.user.findUniqueOrThrow({ where: { id: actor.id }, select: { secondFactor: true } })
  if (policies.secondFactorRoles.includes(actor.role) && !secondFactor)
    throw refuse('LOCKS_OUT_AUTHOR', { why: 'second-factor', address })
  await writeSecurity(tx, policies)
  const values = (of: SecurityPolicies): AuditedValues => Object.fromEntries(changed.map((field) => [field, of[field]]))
  // An event without an organization makes every open stream check its permission again.
  record({
    organizationId: null,
    targetKind: 'instance',
    targetId: null,
    before: values(current),
    after: values(policies),
  })
  return { version: version + 1 }
}
