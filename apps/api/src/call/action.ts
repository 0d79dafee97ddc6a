import { type Action, type GuardedProcedure, PROCEDURE_ACTION } from '@roster/domain'

/** The action of a procedure. The type parameter is the kind of action, which the calling code must have checked. */
export function actionOf<A extends Action>(procedure: GuardedProcedure): A {
  return PROCEDURE_ACTION[procedure] as A
}
