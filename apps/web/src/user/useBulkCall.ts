import type { BulkAction, BulkPreview, BulkResult } from '@roster/domain'
import { computed, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'
import { t } from '../i18n/text.ts'
import { isAborted, isUnanswered, refusalOf } from '../lib/failure.ts'
import { errorSentence } from '../lib/refusal.ts'
import { namesOf } from './namesOf.ts'
import { previewBulk, useApplyBulk } from './user.queries.ts'
import { toSelection, type UserSelection } from './userSelection.ts'

/** How long what to do has to stand still before it is looked at, in ms. */
const PAUSE_MS = 150

interface Options {
  selection: Readonly<Ref<UserSelection>>
  /** What to do; null while that isn't said yet. */
  action: Ref<BulkAction | null>
  /** Takes people who are gone out of the selection. */
  forgetUsers: (ids: readonly string[]) => void
  /** Takes workspaces that are gone out of the action. */
  forgetWorkspaces: (ids: readonly string[]) => void
}

/**
 * One bulk call: what it would do is looked up whenever what to do changes, and doing it is bound to exactly that look. Whoever is gone is dropped from
 * the selection by name; when somebody changed in between, nothing is done and there is a new look, with everything that was chosen still there.
 */
export function useBulkCall({ selection, action, forgetUsers, forgetWorkspaces }: Options) {
  const { mutateAsync: bulk } = useApplyBulk()
  /** The last look, and for which action. */
  const look = shallowRef<{ action: BulkAction; preview: BulkPreview } | null>(null)
  const looking = ref(false)
  const applying = ref(false)
  const failure = ref<string | null>(null)
  /** What to know about the look: who was dropped, that somebody changed. */
  const notice = ref<string | null>(null)
  const done = shallowRef<{ action: BulkAction; result: BulkResult } | null>(null)
  let run = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  /** What to say about the action that is to be looked at next. */
  let dropped: string | null = null
  onScopeDispose(() => {
    clearTimeout(timer)
    run.abort()
  })

  async function preview(): Promise<void> {
    run.abort()
    run = new AbortController()
    const { signal } = run
    const wanted = action.value
    failure.value = null
    if (!wanted) {
      look.value = null
      looking.value = false
      return
    }
    looking.value = true
    try {
      look.value = { action: wanted, preview: await previewBulk({ selection: toSelection(selection.value), action: wanted }, signal) }
    } catch (error) {
      if (signal.aborted || isAborted(error)) return
      look.value = null
      const gone = dropGone(error)
      if (gone === 'look again') return preview()
      if (gone === 'no') failure.value = errorSentence(error)
    } finally {
      if (!signal.aborted) looking.value = false
    }
  }

  /** Drops whom, or what, the server can't find any more, and says so. */
  function dropGone(error: unknown): 'look again' | 'said' | 'no' {
    const refusal = refusalOf(error)
    if (refusal?.code !== 'UNKNOWN_IDS') return 'no'
    const { what, ids } = refusal.details
    if (what === 'workspace') {
      dropped = t('bulk.goneWorkspaces')
      forgetWorkspaces(ids)
      // The action is another one now, which is looked at by itself.
      return 'said'
    }
    const { value: chosen } = selection
    const gone = chosen.kind === 'picked' ? ids.flatMap((id) => chosen.users.get(id)?.username ?? []) : []
    if (chosen.kind === 'matching' || gone.length === 0) return 'no'
    forgetUsers(ids)
    const left = chosen.users.size > gone.length
    notice.value = left ? t('bulk.gone', { n: gone.length, names: namesOf(gone) }) : t('bulk.nobodyLeft')
    return left ? 'look again' : 'said'
  }

  const current = computed(() => (looking.value || look.value?.action !== action.value ? null : look.value.preview))

  /** Settles once no look is under way. */
  async function looked(): Promise<void> {
    if (looking.value) await new Promise<void>((resolve) => watch(looking, () => resolve(), { once: true }))
  }

  /** Do it. Asked for in the middle of a look, its end is waited for: it is done if the look says what stood on the screen, or else what it says is shown first. */
  async function apply(): Promise<void> {
    if (applying.value) return
    applying.value = true
    const shown = look.value
    try {
      await looked()
      if (shown && look.value && current.value && sayTheSame(shown.preview, current.value)) await carryOut(look.value)
    } finally {
      applying.value = false
    }
  }

  async function carryOut(seen: { action: BulkAction; preview: BulkPreview }): Promise<void> {
    failure.value = null
    notice.value = null
    try {
      const result = await bulk({ selection: toSelection(selection.value), action: seen.action, token: seen.preview.token })
      done.value = { action: seen.action, result }
    } catch (error) {
      const gone = dropGone(error)
      if (isUnanswered(error)) notice.value = t('bulk.unsure')
      else if (refusalOf(error)?.code === 'PREVIEW_OUTDATED') notice.value = t('bulk.changed')
      else if (gone === 'no') failure.value = errorSentence(error)
      if (notice.value !== null && gone !== 'said') await preview()
    }
  }

  // At once, so that from the moment it is another one there is a look to wait for.
  watch(
    action,
    () => {
      notice.value = dropped
      dropped = null
      clearTimeout(timer)
      looking.value = action.value !== null
      timer = setTimeout(() => void preview(), PAUSE_MS)
    },
    { flush: 'sync' },
  )
  void preview()
  return { look, current, looking, applying, failure, notice, done, preview, apply }
}

/** Whether two looks show the same, whatever they are bound to. */
function sayTheSame(one: BulkPreview, other: BulkPreview): boolean {
  return JSON.stringify({ ...one, token: '' }) === JSON.stringify({ ...other, token: '' })
}

export type BulkCall = ReturnType<typeof useBulkCall>
