import { type PiniaColadaOptions, useMutationCache, useQueryCache } from '@pinia/colada'
import {
  CAPABILITIES,
  type Capability,
  CHANGING_PROCEDURES,
  type ChangingProcedure,
  invalidatedBy,
} from '@roster/domain'
import type { Pinia } from 'pinia'

type Listener = (capability: Capability) => void
const listeners = new Set<Listener>()

/** Reports invalidated capabilities, for data outside the query cache. Returns a function that stops it. */
export function onInvalidate(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/**
 * Invalidates all queries of these capabilities and refetches the active ones.
 * Query keys begin with the capability's word: `['user', 'list', input]`.
 */
export function refresh(pinia: Pinia, capabilities: readonly Capability[] = CAPABILITIES): void {
  const cache = useQueryCache(pinia)
  for (const capability of capabilities) {
    // A failed refetch shows in the query's own state.
    cache.invalidateQueries({ key: [capability] }).catch(() => undefined)
    for (const listener of listeners) listener(capability)
  }
}

function isChanging(procedure: unknown): procedure is ChangingProcedure {
  return (CHANGING_PROCEDURES as readonly unknown[]).includes(procedure)
}

/**
 * Options for Pinia Colada. Each mutation invalidates its queries, also after a failure, since a lost answer may have
 * changed something. Inputs and answers of mutations are removed at once: they hold passwords and links.
 */
export function coladaOptions(pinia: Pinia): PiniaColadaOptions {
  return {
    queryOptions: { staleTime: 30_000, gcTime: 300_000, refetchOnWindowFocus: false, refetchOnReconnect: true },
    mutationOptions: {
      onSettled(_data, _error, _vars, { entry }) {
        useMutationCache(pinia).remove(entry)
        const procedure = entry.key?.[0]
        if (isChanging(procedure)) refresh(pinia, invalidatedBy(procedure))
      },
    },
  }
}
