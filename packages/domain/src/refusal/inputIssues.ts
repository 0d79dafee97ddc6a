import type * as z from 'zod'
import { decodeProblem, type FieldIssue, type FieldProblem, problemSentence } from './fieldProblem.ts'

/** The most issues of one answer, and the longest name of an unknown field in one. */
const ISSUES_MAX = 20
const NAME_MAX = 150

/** The problems that zod found, one for each field. At most 20, so that an answer stays small. */
export function fieldIssues(error: z.core.$ZodError): FieldIssue[] {
  return error.issues
    .flatMap(withinVariant)
    .slice(0, ISSUES_MAX)
    .map((issue) => {
      const path = issue.path.filter((key): key is string | number => typeof key !== 'symbol')
      const problem = problemOf(issue)
      return { path, ...problem, message: problemSentence(problem) }
    })
}

/** The issues of the variant that the value was meant for: the one that fits it furthest. */
function withinVariant(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const depth = (issues: readonly z.core.$ZodIssue[]) =>
    Math.max(0, ...issues.map(({ path, code }) => 2 * path.length + (code === 'invalid_type' ? 0 : 1)))
  const [meant = []] = [...issue.errors].sort((one, other) => depth(other) - depth(one))
  if (depth(meant) === 0) return [issue]
  return meant.flatMap((each) => withinVariant({ ...each, path: [...issue.path, ...each.path] }))
}

/** Unknown names come from the request, so control and direction characters are replaced before they are repeated. */
function displayable(names: string): string {
  return names
    .slice(0, NAME_MAX)
    .toWellFormed()
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd')
}

/** A schema's own problem, or the one for what zod found by itself. Zod's sentences are never passed on. */
export function problemOf(issue: z.core.$ZodIssue): FieldProblem {
  const named = decodeProblem(issue.message)
  if (named) return named
  switch (issue.code) {
    case 'unrecognized_keys':
      return { code: 'UNKNOWN_FIELD', params: { name: displayable(issue.keys.join(', ')) } }
    case 'too_big':
      if (issue.origin === 'string') return { code: 'TOO_LONG', params: { max: Number(issue.maximum) } }
      if (issue.origin === 'array') return { code: 'TOO_MANY', params: { max: Number(issue.maximum) } }
      return { code: 'NUMBER_TOO_LARGE', params: { max: Number(issue.maximum) } }
    case 'too_small':
      if (issue.origin === 'string') return { code: 'TOO_SHORT', params: { min: Number(issue.minimum) } }
      if (issue.origin === 'number' || issue.origin === 'int')
        return { code: 'NUMBER_TOO_SMALL', params: { min: Number(issue.minimum) } }
      return { code: 'INVALID_VALUE', params: {} }
    default:
      return { code: 'INVALID_VALUE', params: {} }
  }
}
