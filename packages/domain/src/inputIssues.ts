import type * as z from 'zod'
import type { FieldIssue } from './refusal.ts'

/** What zod found, as data: one issue per place, unknown keys named where they stand. At most 20, so that an answer stays small. */
export function fieldIssues(error: z.core.$ZodError): FieldIssue[] {
  return error.issues.slice(0, 20).map((issue) => ({
    path: issue.path.filter((key): key is string | number => typeof key !== 'symbol'),
    rule: issue.code,
    message: issue.message.slice(0, 200),
  }))
}
