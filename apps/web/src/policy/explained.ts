import { type Explanation, POLICY, type Relation, ROLES, type Role } from '@roster/domain'
import { formatList } from '../i18n/format.ts'
import { t } from '../i18n/text.ts'

/** The relations for which a role may do an action, in words. */
export function relationsText(action: Explanation['action'], role: Role): string {
  const permission: readonly Relation[] = POLICY[action][role]
  if (permission.length === 0) return t('policy.never')
  return formatList(permission.map((relation) => relationText(action, relation)))
}

function relationText(action: Explanation['action'], relation: Relation): string {
  if (action === 'role.grant' && (relation === 'subordinate' || relation === 'peer' || relation === 'superior')) return t(`policy.grants.${relation}`)
  return t(`policy.relations.${relation}`)
}

/** The row of the policy that decided: what each role may do it to, and within what. */
export function rowOf(action: Explanation['action']): { role: Role; relations: string; within: string | null }[] {
  return ROLES.map((role) => ({
    role,
    relations: relationsText(action, role),
    within: POLICY[action][role].length > 0 ? t(`policy.within.${role}`) : null,
  }))
}

/** Why the policy says what it says, in sentences: where the target stands, and what the role's cell makes of that. */
export function reasons({ action, role, decision, relation, target }: Explanation, granted: Role | null): string[] {
  const named = { role: t(`common.roles.${role}`), target: granted ? t(`common.roles.${granted}`) : (target?.name ?? '') }
  if (!decision.allowed && decision.refusal.code === 'ROLE_LACKS_ACTION') return [t('policy.why.roleLacks', named)]
  if (!decision.allowed && decision.refusal.code === 'CANNOT_GRANT') return [t('policy.why.grantAbove', named)]
  if (relation === null) return [t('policy.why.outside', named)]
  const standing = granted || relation === 'any' ? [] : [t(`policy.standing.${relation}`, named)]
  if (decision.allowed) return [...standing, t('policy.why.roleIncludes', named)]
  return [...standing, t('policy.why.notThis', { ...named, relations: relationsText(action, role) })]
}
