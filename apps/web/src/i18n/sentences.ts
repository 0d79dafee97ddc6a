import type { FieldProblemCode, FieldProblemParams, RefusalCode, RefusalDetails, ValueFormat } from '@roster/domain'

/** A text, or how it is made from values. */
type Sentence<Values> = string | ((values: Values, format: ValueFormat) => string)

/**
 * A language's sentences for the domain's refusals and field problems, total by type. English is the domain's own
 * language.
 */
export interface Sentences {
  /** The console points to the fields of a `BAD_INPUT` instead of listing them. */
  refusals: { [C in Exclude<RefusalCode, 'BAD_INPUT'>]: Sentence<RefusalDetails[C]> }
  problems: { [C in FieldProblemCode]: Sentence<FieldProblemParams[C]> }
}

/** Makes a sentence from its values. */
export function fill<Values>(sentence: Sentence<Values>, values: Values, format: ValueFormat): string {
  return typeof sentence === 'string' ? sentence : sentence(values, format)
}
