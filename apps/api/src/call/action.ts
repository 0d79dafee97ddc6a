import { type Action, type GuardedProcedure, PROCEDURE_ACTION } from '@roster/domain'

/** The action a procedure asks for; the type parameter names the kind its base has made sure of. */
export function actionOf<A extends Action>(procedure: GuardedProcedure): A {
  return PROCEDURE_ACTION[procedure] as A
}
