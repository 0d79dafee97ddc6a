import { useMutation } from '@pinia/colada'
import type { ChangingProcedure } from '@roster/domain'

/**
 * A call that changes something, keyed by its procedure, so that what it touches is read again afterwards (lib/refresh.ts).
 * It is never tried again by itself. `const suspend = useChange('user.suspend', (input: In) => api.user.suspend.mutate(input))`
 */
export function useChange<Data, Vars = void>(procedure: ChangingProcedure, call: (vars: Vars) => Promise<Data>) {
  return useMutation<Data, Vars, Error>({ key: [procedure], mutation: (vars: Vars) => call(vars) })
}
