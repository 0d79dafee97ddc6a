import type { MemberUpdated } from '@roster/domain'
import { formatList } from '../i18n/format.ts'
import { t } from '../i18n/text.ts'
import { refusalOf } from '../lib/failure.ts'
import { useUndoToast } from '../ui/useUndoToast.ts'
import { readUserRows } from './candidateReads.ts'
import { useUpdateMembers } from './member.queries.ts'

/** The most names that a message spells out. */
const NAMED = 3
/** The most people one call takes. */
const NO_WAIT = 10_000

type Changed = Pick<MemberUpdated, 'added' | 'removed'>
type Ends = MemberUpdated['ends']

/** Says what a save of members really did, and offers its inverse. Who was changed again since is left as they are, and named. */
export function useMembershipUndo() {
  const offerUndo = useUndoToast()
  const { mutateAsync: change } = useUpdateMembers()

  async function changeKnown(workspaceId: string, add: string[], remove: string[], ends: Ends): Promise<Changed> {
    try {
      return await change({ workspaceId, add, remove, ...(ends.length > 0 ? { ends } : {}) })
    } catch (error) {
      // Whoever was deleted since has no membership to bring back.
      const refusal = refusalOf(error)
      if (refusal?.code !== 'UNKNOWN_IDS') throw error
      const unknown = new Set(refusal.details.ids)
      const known = (id: string): boolean => !unknown.has(id)
      return change({ workspaceId, add: add.filter(known), remove: remove.filter(known), ends: ends.filter(({ userId }) => known(userId)) })
    }
  }

  // Whose membership would have ended by itself gets that end back with it.
  async function invert(workspaceId: string, { added, removed, ends }: Changed & { ends: Ends }): Promise<string | undefined> {
    const done: Changed[] =
      added.length + removed.length <= NO_WAIT
        ? [await changeKnown(workspaceId, removed, added, ends)]
        : [await changeKnown(workspaceId, [], added, []), await changeKnown(workspaceId, removed, [], ends)]
    const back = new Set(done.flatMap((each) => [...each.added, ...each.removed]))
    const left = [...added, ...removed].filter((id) => !back.has(id))
    return left.length === 0 ? undefined : leftSentence(workspaceId, left)
  }

  return function tellSaved(workspaceId: string, { added, removed, unchanged, ends }: MemberUpdated): void {
    const already = unchanged > 0 ? t('member.saved.unchanged', { n: unchanged }) : undefined
    offerUndo({
      title: savedTitle(added.length, removed.length),
      ...(already === undefined ? {} : { description: already }),
      undo: () => invert(workspaceId, { added, removed, ends }),
    })
  }
}

/** What was done, in numbers. */
export function savedTitle(added: number, removed: number): string {
  if (removed === 0) return t('member.saved.added', { n: added })
  if (added === 0) return t('member.saved.removed', { n: removed })
  return t('member.saved.both', { added, removed })
}

async function leftSentence(workspaceId: string, left: string[]): Promise<string> {
  const users = await readUserRows(workspaceId, left.slice(0, NAMED)).catch(() => [])
  const names = users.map(({ displayName, username }) => displayName ?? username)
  const others = left.length - names.length
  if (names.length === 0) return t('member.saved.left', { n: left.length })
  return t('member.saved.leftNamed', { names: others > 0 ? t('member.saved.andOthers', { names: names.join(', '), n: others }) : formatList(names) })
}
