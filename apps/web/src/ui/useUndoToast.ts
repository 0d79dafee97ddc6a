import { useToast } from '@nuxt/ui/composables'
import { t } from '../i18n/text.ts'
import { useNotify } from './useNotify.ts'

/** How long Undo is offered, in ms: time to read, think and reach the button, also by keyboard. */
const OFFERED_MS = 12_000

/** What was done, and the call that takes it back. A sentence that it answers with is shown: it tells what could not be taken back. */
export interface Undoable {
  title: string
  description?: string
  undo: () => Promise<unknown>
}

/** Says that something was done and offers to undo it. Undo is a new call, which the policy may refuse and which can be pressed once. */
export function useUndoToast() {
  const toast = useToast()
  const { done, failed } = useNotify()

  async function undoNow(undo: Undoable['undo']): Promise<void> {
    try {
      const left = await undo()
      done(t('common.undone'), typeof left === 'string' ? left : undefined)
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
      duration: OFFERED_MS,
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
