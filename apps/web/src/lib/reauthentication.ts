import type { AppRouter } from '@roster/api/router'
import type { ReauthenticationMethod } from '@roster/domain'
import type { TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { shallowRef } from 'vue'
import { refusalOf } from './failure.ts'

/** A call waits until its caller proved who they are. */
export interface ReauthenticationPrompt {
  methods: readonly ReauthenticationMethod[]
  /** True: proved, the call is made again. False: it stays refused. */
  answer: (reauthenticated: boolean) => void
}

/** The question that is open now. Calls that are refused meanwhile wait for the same answer. */
export const reauthenticationPrompt = shallowRef<ReauthenticationPrompt | null>(null)
let asking: Promise<boolean> | null = null

function promptReauthentication(methods: readonly ReauthenticationMethod[]): Promise<boolean> {
  asking ??= new Promise<boolean>((resolve) => {
    reauthenticationPrompt.value = { methods, answer: resolve }
  }).finally(() => {
    asking = null
    reauthenticationPrompt.value = null
  })
  return asking
}

/** Whatever is refused for want of a fresh proof asks for it, and is called again: whoever made the call only waits longer. */
export function reauthenticationLink(): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        let subscription = next(op).subscribe({
          next: (value) => observer.next(value),
          complete: () => observer.complete(),
          error(error) {
            const refusal = refusalOf(error)
            if (refusal?.code !== 'REAUTHENTICATION_REQUIRED') return observer.error(error)
            void promptReauthentication(refusal.details.methods).then((reauthenticated) => {
              if (!reauthenticated) return observer.error(error)
              subscription = next(op).subscribe(observer)
            })
          },
        })
        return () => subscription.unsubscribe()
      })
}
