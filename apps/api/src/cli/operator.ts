import type { AuditActor } from '@roster/db'
import type * as z from 'zod'
import { OperatorError } from '../operatorError.ts'

/** Who acts, for the audit log: whoever may run commands on the server's own machine. */
export const OPERATOR: AuditActor = { actorId: null, actorName: null, through: 'command-line', throughId: null, address: null }

/** A value of the command line by the same rules as everywhere. @throws {OperatorError} a sentence that names it */
export function checked<S extends z.ZodType>(what: string, schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new OperatorError(`${what}: ${parsed.error.issues[0]?.message ?? 'not valid.'}`)
  return parsed.data
}
