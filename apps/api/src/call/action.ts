import { type Action, type GuardedProcedure, PROCEDURE_ACTION } from '@roster/domain'

/** The action of a procedure; the type parameter is the kind of action that the caller has established. */
export function actionOf<A extends Action>(procedure: GuardedProcedure): A {
  return PROCEDURE_ACTION[procedure] as A
}
