import * as z from 'zod'
import { PROCEDURES, type Procedure } from './send.ts'

type Json = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object' | 'null'

/** A field of a procedure's input, as its JSON Schema describes it. */
export interface Field {
  path: (string | number)[]
  required: boolean
  types: ReadonlySet<Json>
  /** The allowed values of an enum. */
  choices: readonly unknown[] | undefined
}

/** The part of JSON Schema that our inputs use. */
interface Schema {
  type?: Json
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
}

/** The schema of a procedure's input; undefined when it takes none. */
export function schemaOf(procedure: Procedure): z.ZodType | undefined {
  const { inputs } = PROCEDURES[procedure]._def as unknown as { inputs: z.ZodType[] }
  return inputs[0]
}

/**
 * Every field of an example input, including the root.
 * @throws when the example lacks a field of the schema
 */
export function fieldsOf(procedure: Procedure, example: object): Field[] {
  const schema = schemaOf(procedure)
  return schema ? walk(z.toJSONSchema(schema, { io: 'input' }) as Schema, example, [], true) : []
}

function walk(schema: Schema, example: unknown, path: (string | number)[], required: boolean): Field[] {
  const variants = schema.anyOf ?? schema.oneOf ?? [schema]
  const choices = schema.enum ?? (schema.const === undefined ? undefined : [schema.const])
  const field: Field = { path, required, types: new Set(variants.flatMap(({ type }) => type ?? [])), choices }
  return [
    field,
    ...variants.filter((variant) => fits(variant, example)).flatMap((variant) => nestedFields(variant, example, path)),
  ]
}

function nestedFields(schema: Schema, example: unknown, path: (string | number)[]): Field[] {
  if (schema.type === 'array' && schema.items) {
    const { items } = schema
    return (example as unknown[]).flatMap((item, at) => walk(items, item, [...path, at], false))
  }
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    if (!Object.hasOwn(example as object, key)) throw new Error(`the example lacks ${[...path, key].join('.')}`)
    return walk(
      property,
      (example as Record<string, unknown>)[key],
      [...path, key],
      schema.required?.includes(key) ?? false,
    )
  })
}

/** Whether an example matches this variant, by its `kind` or its type. */
function fits({ type, properties }: Schema, example: unknown): boolean {
  const kind = properties?.['kind']?.const
  if (kind !== undefined) return (example as { kind: unknown }).kind === kind
  if (example === null) return type === 'null'
  if (Array.isArray(example)) return type === 'array'
  return typeof example === (type === 'integer' ? 'number' : type)
}

/** A copy of an example with another value at a path; `OMITTED` removes the field. */
export function withValue(example: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  const copy = (Array.isArray(example) ? [...example] : { ...(example as object) }) as Record<string | number, unknown>
  if (rest.length === 0 && value === OMITTED) delete copy[key]
  else copy[key] = withValue(copy[key], rest, value)
  return copy
}

export const OMITTED = Symbol('omitted')
