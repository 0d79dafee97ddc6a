import type { AuditActor } from '@roster/db'
import { problemOf, problemSentence } from '@roster/domain'
import type * as z from 'zod'
import { OperatorError } from '../server/operatorError.ts'

/** The actor of commands in the audit log. */
export const OPERATOR: AuditActor = {
  actorId: null,
  actorName: null,
  through: 'command-line',
  throughId: null,
  address: null,
}

/** Checks an argument by the API's own schema. @throws {OperatorError} with the argument's name and the reason */
export function parseArgument<S extends z.ZodType>(name: string, schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new OperatorError(`Invalid ${name}: ${issue ? problemSentence(problemOf(issue)) : 'it is not valid.'}`)
}
