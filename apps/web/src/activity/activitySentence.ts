import { type Action, type ActivityRow, PROCEDURE_ACTION, type RecordedAction, ROUTE_ACTION, SIGN_IN_ACTIONS } from '@roster/domain'
import { t } from '../i18n/text.ts'
import { activityEn } from './activity.en.ts'

const SIGN_INS: ReadonlySet<string> = new Set(SIGN_IN_ACTIONS)
type Kind = keyof typeof activityEn.kind

/** What was done or refused, in one sentence. */
export function activitySentence(row: ActivityRow): string {
  const actor = actorName(row)
  if (row.outcome === 'refused') {
    // Of a failed sign-in nobody is the actor, but for a browser in which somebody else was signed in.
    if (SIGN_INS.has(row.action) && row.target) return t('activity.tried', { actor: row.actor ? actor : t('activity.actor.anybody'), target: targetName(row) })
    const action = attempt(row.action)
    const target = row.target?.name
    return target ? t('activity.refusedOn', { actor, action, target }) : t('activity.refused', { actor, action })
  }
  if (!isRecorded(row.action)) return t('activity.unknown', { actor, action: row.action })
  if (row.action === 'profile.update' && row.actor?.id === row.target?.id) return t('activity.ownProfile', { actor })
  return t(`activity.action.${row.action}`, { actor, target: targetName(row), workspace: row.workspace?.name ?? t('activity.kind.workspace') })
}

/** Whoever did it, by name as far as the reader may know it. */
function actorName({ actor, through }: ActivityRow): string {
  if (actor === null) return t(through === 'command-line' ? 'activity.actor.operator' : 'activity.actor.nobody')
  if (actor.id === null) return t('activity.actor.hidden')
  return actor.name ?? t('activity.actor.gone')
}

function targetName({ target }: ActivityRow): string {
  return target?.name ?? t(`activity.kind.${kindOf(target?.kind)}`)
}

function kindOf(kind: string | undefined): Kind {
  return kind !== undefined && kind in activityEn.kind ? (kind as Kind) : 'other'
}

/** What a refused call would have done. */
function attempt(action: ActivityRow['action']): string {
  const procedures: Partial<Record<string, Action>> = { ...PROCEDURE_ACTION, ...ROUTE_ACTION }
  const asked = procedures[action]
  return asked === undefined ? action : t(`policy.actions.${asked}`)
}

/** Whether an action is one that this version knows how to tell; old events may be about others. */
function isRecorded(action: string): action is RecordedAction {
  const [capability, name] = action.split('.')
  const actions: Partial<Record<string, object>> = activityEn.action
  return capability !== undefined && name !== undefined && name in (actions[capability] ?? {})
}
