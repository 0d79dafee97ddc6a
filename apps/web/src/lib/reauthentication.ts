import type { AppRouter } from '@roster/api/router'
import { type ReauthenticationMethod, refusalOf } from '@roster/domain'
import type { TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { shallowRef } from 'vue'

/** An open request to reauthenticate. */
export interface ReauthenticationPrompt {
  methods: readonly ReauthenticationMethod[]
  /** With true the waiting calls are repeated, with false they stay refused. */
  answer: (reauthenticated: boolean) => void
}

/** The open prompt. All calls refused before its answer wait for it. */
export const reauthenticationPrompt = shallowRef<ReauthenticationPrompt | null>(null)
let prompt: Promise<boolean> | null = null

function promptReauthentication(methods: readonly ReauthenticationMethod[]): Promise<boolean> {
  prompt ??= new Promise<boolean>((resolve) => {
    reauthenticationPrompt.value = { methods, answer: resolve }
  }).finally(() => {
    prompt = null
    reauthenticationPrompt.value = null
  })
  return prompt
}

/** Prompts for reauthentication when a call requires it, then repeats the call. The call only takes longer. */
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
