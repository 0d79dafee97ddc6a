import { useMutation } from '@pinia/colada'
import type { ChangingProcedure } from '@roster/domain'

/**
 * A mutation, keyed by its procedure so that lib/refresh.ts invalidates the right queries. It is never retried.
 * `const suspend = useChange('user.suspend', (input: In) => api.user.suspend.mutate(input))`
 */
export function useChange<Data, Vars = void>(procedure: ChangingProcedure, call: (vars: Vars) => Promise<Data>) {
  return useMutation<Data, Vars, Error>({ key: [procedure], mutation: (vars: Vars) => call(vars) })
}
