import { useToast } from '@nuxt/ui/composables'
import { t } from '../../i18n/text.ts'
import { useNotify } from './useNotify.ts'

/** How long Undo is offered, in ms: enough to read, decide and reach the button by keyboard. */
const DURATION_MS = 12_000

/**
 * A change and the call that reverts it. If `undo` returns a sentence, it is shown: it names what could not be
 * reverted.
 */
export interface Undoable {
  title: string
  description?: string
  undo: () => Promise<unknown>
}

/** Reports a success and offers Undo. Undo is a new call, which the policy may refuse; it runs once. */
export function useUndoToast() {
  const toast = useToast()
  const { done, failed } = useNotify()

  async function undoNow(undo: Undoable['undo']): Promise<void> {
    try {
      const skipped = await undo()
      done(t('common.undone'), typeof skipped === 'string' ? skipped : undefined)
    } catch (error) {
      failed(error)
    }
  }

  return function offerUndo({ title, description, undo }: Undoable): void {
    let pressed = false
    const shown = toast.add({
      title,
      color: 'success',
      icon: 'i-lucide-circle-check',
      duration: DURATION_MS,
      ...(description === undefined ? {} : { description }),
      actions: [
        {
          label: t('common.undo'),
          icon: 'i-lucide-undo-2',
          color: 'neutral',
          variant: 'outline',
          onClick: (event) => {
            event.stopPropagation()
            if (pressed) return
            pressed = true
            toast.remove(shown.id)
            void undoNow(undo)
          },
        },
      ],
    })
  }
}
