import { type PiniaColadaOptions, useMutationCache, useQueryCache } from '@pinia/colada'
import { CAPABILITIES, type Capability, type ChangingProcedure, INVALIDATES } from '@roster/domain'
import type { Pinia } from 'pinia'

type Listener = (capability: Capability) => void
const listeners = new Set<Listener>()

/** Also told what became stale: for what is kept outside the query cache. Gives back how to stop. */
export function onStale(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/**
 * Marks everything of these capabilities stale and fetches again what is on the screen.
 * Query keys begin with the capability's word: `['user', 'list', input]`.
 */
export function refresh(pinia: Pinia, capabilities: readonly Capability[] = CAPABILITIES): void {
  const cache = useQueryCache(pinia)
  for (const capability of capabilities) {
    // What can't be read stands in the query's own state; here it is nobody's concern.
    cache.invalidateQueries({ key: [capability] }).catch(() => undefined)
    for (const listener of listeners) listener(capability)
  }
}

function isChanging(procedure: unknown): procedure is ChangingProcedure {
  return typeof procedure === 'string' && procedure in INVALIDATES
}

/**
 * Colada's options: after any mutation, failed or not (a lost answer may have changed something), what it touches is read again.
 * What was sent and answered is whoever's who made the call, and kept nowhere: among it are passwords and links.
 */
export function coladaOptions(pinia: Pinia): PiniaColadaOptions {
  return {
    queryOptions: { staleTime: 30_000, gcTime: 300_000, refetchOnWindowFocus: false, refetchOnReconnect: true },
    mutationOptions: {
      onSettled(_data, _error, _vars, { entry }) {
        useMutationCache(pinia).remove(entry)
        const procedure = entry.key?.[0]
        if (isChanging(procedure)) refresh(pinia, INVALIDATES[procedure])
      },
    },
  }
}
