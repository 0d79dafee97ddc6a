import type { AppRouter } from '@roster/api/router'
import type { AnyTRPCProcedure, inferProcedureInput, inferTransformedProcedureOutput } from '@trpc/server'

type Routers = AppRouter['_def']['record']
type At<Path> = Path extends `${infer Capability}.${infer Name}`
  ? Capability extends keyof Routers
    ? Name extends keyof Routers[Capability]
      ? Extract<Routers[Capability][Name], AnyTRPCProcedure>
      : never
    : never
  : never
type Paths = { [C in keyof Routers]: `${C}.${keyof Routers[C] & string}` }[keyof Routers]
type OfType<Type, Path> = Path extends Paths ? (At<Path>['_def']['type'] extends Type ? Path : never) : never

/** The path of a procedure that reads: `user.get`. */
export type QueryPath = OfType<'query', Paths>
/** The path of a procedure that changes something: `user.suspend`. */
export type MutationPath = OfType<'mutation', Paths>
/** What a procedure takes; void if it takes nothing. */
export type InputOf<Path extends Paths> = inferProcedureInput<At<Path>>
/** What a procedure answers, as it arrives. */
export type OutputOf<Path extends Paths> = inferTransformedProcedureOutput<AppRouter, At<Path>>
