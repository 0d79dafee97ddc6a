import { getUntypedClient } from '@trpc/client'
import { api } from './api.ts'
import type { InputOf, OutputOf, QueryPath } from './procedure.ts'

/**
 * The options of a query: `useQuery(() => queryOf('user.get', { userId }))`. Its key begins with the capability, so that
 * lib/refresh.ts finds it.
 */
export function queryOf<Path extends QueryPath>(
  path: Path,
  ...[input]: undefined extends InputOf<Path> ? [input?: InputOf<Path>] : [input: InputOf<Path>]
) {
  return {
    // As text, the input has no undefined properties, which would make a key of their own.
    key: [...path.split('.'), ...(input === undefined ? [] : [JSON.stringify(input)])],
    // Without the query's signal: a query aborted while a second component starts to wait for it would stay pending.
    query: () => getUntypedClient(api).query(path, input) as Promise<OutputOf<Path>>,
  }
}
