import { type Explanation, POLICY, type Relation, ROLES, type Role } from '@roster/domain'
import { formatList } from '../i18n/format.ts'
import { t } from '../i18n/text.ts'

/** The relations a role has permission for, in words. */
export function relationsText(action: Explanation['action'], role: Role): string {
  const permission: readonly Relation[] = POLICY[action][role]
  if (permission.length === 0) return t('policy.never')
  return formatList(permission.map((relation) => relationText(action, relation)))
}

function relationText(action: Explanation['action'], relation: Relation): string {
  if (action === 'role.grant' && (relation === 'subordinate' || relation === 'peer' || relation === 'superior'))
    return t(`policy.grants.${relation}`)
  return t(`policy.relations.${relation}`)
}

/** An action's permissions per role, in words. */
export function permissionRows(
  action: Explanation['action'],
): { role: Role; relations: string; within: string | null }[] {
  return ROLES.map((role) => ({
    role,
    relations: relationsText(action, role),
    within: POLICY[action][role].length > 0 ? t(`policy.within.${role}`) : null,
  }))
}

/** The reasons of a decision, in sentences: the relation to the target, and the role's permission for it. */
export function explanationReasons(
  { action, role, decision, relation, target }: Explanation,
  granted: Role | null,
): string[] {
  const values = {
    role: t(`common.roles.${role}`),
    target: granted ? t(`common.roles.${granted}`) : (target?.name ?? ''),
  }
  if (!decision.allowed && decision.refusal.code === 'ROLE_LACKS_ACTION') return [t('policy.why.roleLacks', values)]
  if (!decision.allowed && decision.refusal.code === 'CANNOT_GRANT') return [t('policy.why.grantAbove', values)]
  if (relation === null)
    return [t(target?.kind === 'workspace' ? 'policy.why.notMember' : 'policy.why.notVisible', values)]
  const relationSentence = granted || relation === 'any' ? [] : [t(`policy.relation.${relation}`, values)]
  if (decision.allowed) return [...relationSentence, t('policy.why.roleIncludes', values)]
  return [...relationSentence, t('policy.why.notThis', { ...values, relations: relationsText(action, role) })]
}
