import {
  type BulkAction,
  type BulkPreview,
  type BulkResult,
  isAborted,
  isUnanswered,
  refusalOf,
  toSelectionInput,
} from '@roster/domain'
import { computed, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'
import { t } from '../../i18n/text.ts'
import { api } from '../../lib/api.ts'
import { errorSentence } from '../../lib/refusal.ts'
import { useChange } from '../../lib/useChange.ts'
import type { UserSelection } from '../list/useUserSelection.ts'
import { shortNameList } from './shortNameList.ts'

const PREVIEW_DEBOUNCE_MS = 150

interface Options {
  selection: Readonly<Ref<UserSelection>>
  /** The action to apply; null while a parameter is missing. */
  action: Ref<BulkAction | null>
  /** Removes deleted users from the selection. */
  removeUsers: (ids: readonly string[]) => void
  /** Removes deleted workspaces from the action. */
  removeWorkspaces: (ids: readonly string[]) => void
}

/** A preview and the action it belongs to. */
interface ActionPreview {
  action: BulkAction
  preview: BulkPreview
}

/**
 * One bulk call. Every change of the action loads a new preview, and applying is bound to the preview's token. Deleted
 * users leave the selection by name. If the preview is outdated nothing is done: a new preview loads, and all choices
 * stay.
 */
export function useBulkCall({ selection, action, removeUsers, removeWorkspaces }: Options) {
  const { mutateAsync: applyBulk } = useChange('user.applyBulk')
  const latest = shallowRef<ActionPreview | null>(null)
  const previewing = ref(false)
  const applying = ref(false)
  const failure = ref<string | null>(null)
  /** A message about the preview: deleted users, or an outdated selection. */
  const notice = ref<string | null>(null)
  const done = shallowRef<{ action: BulkAction; result: BulkResult } | null>(null)
  let request = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  /** The notice for the next preview: removing workspaces changes the action, which starts that preview. */
  let nextNotice: string | null = null
  onScopeDispose(() => {
    clearTimeout(timer)
    request.abort()
  })

  async function loadPreview(): Promise<void> {
    request.abort()
    request = new AbortController()
    const { signal } = request
    const requested = action.value
    failure.value = null
    if (!requested) {
      latest.value = null
      previewing.value = false
      return
    }
    previewing.value = true
    try {
      latest.value = {
        action: requested,
        preview: await api.user.previewBulk.query(
          { selection: toSelectionInput(selection.value), action: requested },
          { signal },
        ),
      }
    } catch (error) {
      if (signal.aborted || isAborted(error)) return
      latest.value = null
      const outcome = removeDeleted(error)
      if (outcome === 'retry') return loadPreview()
      if (outcome === 'unhandled') failure.value = errorSentence(error)
    } finally {
      if (!signal.aborted) previewing.value = false
    }
  }

  /** Removes users or workspaces that the server can no longer find, and sets the notice. */
  function removeDeleted(error: unknown): 'retry' | 'handled' | 'unhandled' {
    const refusal = refusalOf(error)
    if (refusal?.code !== 'UNKNOWN_IDS') return 'unhandled'
    const { what, ids } = refusal.details
    if (what === 'workspace') {
      nextNotice = t('bulk.workspacesDeleted')
      removeWorkspaces(ids)
      // The action has changed, and its watcher loads the preview.
      return 'handled'
    }
    const { value: current } = selection
    const deleted = ids.flatMap((id) => current.users.get(id)?.username ?? [])
    if (deleted.length === 0) return 'unhandled'
    removeUsers(ids)
    const isEmpty = current.users.size <= deleted.length
    notice.value = isEmpty
      ? t('bulk.noneLeft')
      : t('bulk.usersDeleted', { n: deleted.length, names: shortNameList(deleted) })
    return isEmpty ? 'handled' : 'retry'
  }

  /** The preview of the present action; null while it loads. */
  const preview = computed(() =>
    previewing.value || latest.value?.action !== action.value ? null : latest.value.preview,
  )

  async function previewLoaded(): Promise<void> {
    if (previewing.value) await new Promise<void>((resolve) => watch(previewing, () => resolve(), { once: true }))
  }

  /**
   * Applies the action. While a preview is loading it waits, and applies only if that preview equals the one on screen.
   */
  async function apply(): Promise<void> {
    if (applying.value) return
    applying.value = true
    const shown = latest.value
    try {
      await previewLoaded()
      if (shown && latest.value && preview.value && showsSame(shown.preview, preview.value)) await send(latest.value)
    } finally {
      applying.value = false
    }
  }

  async function send(confirmed: ActionPreview): Promise<void> {
    failure.value = null
    notice.value = null
    try {
      const result = await applyBulk({
        selection: toSelectionInput(selection.value),
        action: confirmed.action,
        token: confirmed.preview.token,
      })
      done.value = { action: confirmed.action, result }
    } catch (error) {
      const outcome = removeDeleted(error)
      if (isUnanswered(error)) notice.value = t('bulk.connectionLost')
      else if (refusalOf(error)?.code === 'PREVIEW_OUTDATED') notice.value = t('bulk.previewOutdated')
      else if (outcome === 'unhandled') failure.value = errorSentence(error)
      if (notice.value !== null && outcome !== 'handled') await loadPreview()
    }
  }

  // Sync, so that `previewing` is already set when `apply` runs right after a change.
  watch(
    action,
    () => {
      notice.value = nextNotice
      nextNotice = null
      clearTimeout(timer)
      previewing.value = action.value !== null
      timer = setTimeout(() => void loadPreview(), PREVIEW_DEBOUNCE_MS)
    },
    { flush: 'sync' },
  )
  void loadPreview()
  return { latest, preview, previewing, applying, failure, notice, done, apply }
}

/** Whether two previews show the same, apart from their tokens. */
function showsSame(one: BulkPreview, other: BulkPreview): boolean {
  return JSON.stringify({ ...one, token: '' }) === JSON.stringify({ ...other, token: '' })
}

export type BulkCall = ReturnType<typeof useBulkCall>
