import { useToast } from '@nuxt/ui/composables'
import { failureOf, isAborted } from '@roster/domain'
import { t } from '../../i18n/text.ts'
import { failureSentence } from '../../lib/refusal.ts'
import { isLeaving } from '../../lib/signInRedirect.ts'

/** Toasts for success and failure. */
export function useNotify() {
  const toast = useToast()
  return {
    /** Shows a success. */
    done(title: string, description?: string): void {
      toast.add({
        title,
        color: 'success',
        icon: 'i-lucide-circle-check',
        ...(description === undefined ? {} : { description }),
      })
    },
    /** Shows a failed call, with the request's id after an internal error. */
    failed(error: unknown): void {
      if (isLeaving() || isAborted(error)) return
      const failure = failureOf(error)
      const unexpected = failure.kind === 'refused' && failure.refusal.code === 'INTERNAL_ERROR'
      const id = unexpected && failure.requestId ? ` ${t('common.requestId', { id: failure.requestId })}` : ''
      toast.add({
        title: t('common.failed'),
        description: failureSentence(failure) + id,
        color: 'error',
        icon: 'i-lucide-circle-alert',
        duration: 10_000,
      })
    },
  }
}
