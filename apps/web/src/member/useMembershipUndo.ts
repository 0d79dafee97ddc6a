import { type MemberUpdated, refusalOf } from '@roster/domain'
import { formatList } from '../i18n/format.ts'
import { t } from '../i18n/text.ts'
import { api } from '../lib/api.ts'
import { useChange } from '../lib/useChange.ts'
import { useUndoToast } from '../ui/feedback/useUndoToast.ts'

/** The most names that a message lists. */
const NAMES_MAX = 3
/** The most ids that one call takes. */
const IDS_MAX = 10_000

type Changed = Pick<MemberUpdated, 'added' | 'removed'>
type Ends = MemberUpdated['ends']
type Workspace = { id: string; name: string }

/** Reports what a save of members changed, and offers Undo. Undo skips and names users that changed since. */
export function useMembershipUndo() {
  const offerUndo = useUndoToast()
  const { mutateAsync: updateMembers } = useChange('member.update')

  async function updateExisting(workspaceId: string, add: string[], remove: string[], ends: Ends): Promise<Changed> {
    try {
      return await updateMembers({ workspaceId, add, remove, ...(ends.length > 0 ? { ends } : {}) })
    } catch (error) {
      // The membership of a deleted user can't be restored.
      const refusal = refusalOf(error)
      if (refusal?.code !== 'UNKNOWN_IDS') throw error
      const unknown = new Set(refusal.details.ids)
      const exists = (id: string): boolean => !unknown.has(id)
      return updateMembers({
        workspaceId,
        add: add.filter(exists),
        remove: remove.filter(exists),
        ends: ends.filter(({ userId }) => exists(userId)),
      })
    }
  }

  // `ends` restores the expiry of removed memberships.
  async function invert(
    workspaceId: string,
    { added, removed, ends }: Changed & { ends: Ends },
  ): Promise<string | undefined> {
    const results: Changed[] =
      added.length + removed.length <= IDS_MAX
        ? [await updateExisting(workspaceId, removed, added, ends)]
        : [await updateExisting(workspaceId, [], added, []), await updateExisting(workspaceId, removed, [], ends)]
    const restored = new Set(results.flatMap((result) => [...result.added, ...result.removed]))
    const skipped = [...added, ...removed].filter((id) => !restored.has(id))
    return skipped.length === 0 ? undefined : skippedSentence(workspaceId, skipped)
  }

  return function notifySaved(
    { id: workspaceId, name }: Workspace,
    { added, removed, unchanged, ends }: MemberUpdated,
  ): void {
    offerUndo({
      title: savedTitle(name, added.length, removed.length),
      ...(unchanged > 0 ? { description: t('member.saved.unchanged', { n: unchanged }) } : {}),
      undo: () => invert(workspaceId, { added, removed, ends }),
    })
  }
}

/** The title of the message about a save: the numbers of users added and removed. */
export function savedTitle(workspace: string, added: number, removed: number): string {
  if (removed === 0) return t('member.saved.added', { n: added, workspace })
  if (added === 0) return t('member.saved.removed', { n: removed, workspace })
  return t('member.saved.addedAndRemoved', { added, removed, workspace })
}

async function skippedSentence(workspaceId: string, skipped: string[]): Promise<string> {
  const { rows: users } = await api.member.candidates
    .query({ workspaceId, ids: skipped.slice(0, NAMES_MAX) })
    .catch(() => ({ rows: [] }))
  const names = users.map(({ displayName, username }) => displayName ?? username)
  const others = skipped.length - names.length
  if (names.length === 0) return t('member.saved.skipped', { n: skipped.length })
  return t('member.saved.skippedNamed', {
    names: others > 0 ? t('member.saved.andOthers', { names: names.join(', '), n: others }) : formatList(names),
  })
}
