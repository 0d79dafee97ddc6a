import { useMutation } from '@pinia/colada'
import type { ChangingProcedure } from '@roster/domain'
import { getUntypedClient } from '@trpc/client'
import { api } from './api.ts'
import type { InputOf, MutationPath, OutputOf } from './procedure.ts'

/**
 * The mutation of a procedure: `const { mutateAsync: suspend } = useChange('user.suspend')`. Its key is the procedure,
 * so that lib/refresh.ts invalidates the right queries. It is never retried.
 */
export function useChange<Path extends MutationPath & ChangingProcedure>(path: Path) {
  return useMutation<OutputOf<Path>, InputOf<Path>, Error>({
    key: [path],
    // The client finds a procedure by its path without a type; the router's type has the answer's.
    mutation: (input) => getUntypedClient(api).mutation(path, input) as Promise<OutputOf<Path>>,
  })
}
