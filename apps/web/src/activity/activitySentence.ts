import { type Action, type ActivityRow, PROCEDURES, type RecordedAction, ROUTES, SIGN_IN_ACTIONS } from '@roster/domain'
import { t } from '../i18n/text.ts'
import { activityEn } from './activity.en.ts'

const SIGN_IN: ReadonlySet<string> = new Set(SIGN_IN_ACTIONS)
type Kind = keyof typeof activityEn.kind

/** One sentence for an audit event. */
export function activitySentence(row: ActivityRow): string {
  const actor = actorName(row)
  if (row.outcome === 'refused') {
    // A failed sign-in has an actor only if the browser was signed in as another user.
    if (SIGN_IN.has(row.action) && row.target)
      return t('activity.signInAttempt', {
        actor: row.actor ? actor : t('activity.actor.unknown'),
        target: targetName(row),
      })
    const action = deniedAction(row.action)
    const target = row.target?.name
    return target ? t('activity.refusedOn', { actor, action, target }) : t('activity.refused', { actor, action })
  }
  if (!isRecorded(row.action)) return t('activity.unknown', { actor, action: row.action })
  if (row.action === 'profile.update' && row.actor?.id === row.target?.id) return t('activity.ownProfile', { actor })
  return t(`activity.action.${row.action}`, {
    actor,
    target: targetName(row),
    workspace: row.workspace?.name ?? t('activity.kind.workspace'),
  })
}

/** The actor's name, as far as the principal may see it. */
function actorName({ actor, through }: ActivityRow): string {
  if (actor === null) return t(through === 'command-line' ? 'activity.actor.operator' : 'activity.actor.system')
  if (actor.id === null) return t('activity.actor.hidden')
  return actor.name ?? t('activity.actor.deleted')
}

function targetName({ target }: ActivityRow): string {
  return target?.name ?? t(`activity.kind.${kindOf(target?.kind)}`)
}

function kindOf(kind: string | undefined): Kind {
  return kind !== undefined && kind in activityEn.kind ? (kind as Kind) : 'other'
}

/** The action of a denied call, in words. */
function deniedAction(action: ActivityRow['action']): string {
  const rows: Partial<Record<string, { action: Action | null }>> = { ...PROCEDURES, ...ROUTES }
  const policyAction = rows[action]?.action ?? undefined
  return policyAction === undefined ? action : t(`policy.actions.${policyAction}`)
}

/** Whether this version has a sentence for an action. Older events may have other actions. */
function isRecorded(action: string): action is RecordedAction {
  const [capability, name] = action.split('.')
  const actions: Partial<Record<string, object>> = activityEn.action
  return capability !== undefined && name !== undefined && name in (actions[capability] ?? {})
}
