import { ACTIONS, type Action } from '@roster/domain'
import { t } from '../i18n/text.ts'
import { policyEn } from './policy.en.ts'

type Group = keyof typeof policyEn.groups
const ORDER = Object.keys(policyEn.groups) as readonly Group[]

/** Actions that the console performs by itself; an administrator has no question about them. */
const TECHNICAL: ReadonlySet<Action> = new Set([
  'changes.subscribe',
  'connection.watch',
  'session.reauthenticate',
  'session.acknowledge',
])

/** The actions that the permission check offers. */
export const OFFERED_ACTIONS: readonly Action[] = ACTIONS.filter((action) => !TECHNICAL.has(action))

/** The offered actions in words, by capability. */
export function actionGroups(): { label: string; items: { value: Action; label: string }[] }[] {
  return ORDER.map((group) => ({
    label: t(`policy.groups.${group}`),
    items: OFFERED_ACTIONS.filter((action) => action.startsWith(`${group}.`)).map((value) => ({
      value,
      label: t(`policy.actions.${value}`),
    })),
  })).filter(({ items }) => items.length > 0)
}
