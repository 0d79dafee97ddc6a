import { ACTIONS, type Action } from '@roster/domain'
import { t } from '../i18n/text.ts'
import { policyEn } from './policy.en.ts'

type Group = keyof typeof policyEn.groups
const ORDER = Object.keys(policyEn.groups) as readonly Group[]

/** All actions of the policy in words, by what they are about; what people ask about most comes first. */
export function actionGroups(): { label: string; items: { value: Action; label: string }[] }[] {
  return ORDER.map((group) => ({
    label: t(`policy.groups.${group}`),
    items: ACTIONS.filter((action) => action.startsWith(`${group}.`)).map((value) => ({ value, label: t(`policy.actions.${value}`) })),
  }))
}
