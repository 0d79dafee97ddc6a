import { describe, expect, test } from 'vitest'
import { ACTIONS } from './policy/policy.ts'
import { PROCEDURES, ROUTES } from './procedure/registry.ts'
import { FIELD_PROBLEMS } from './refusal/fieldProblem.ts'
import { REFUSAL_STATUS } from './refusal/refusal.ts'
import { FROZEN_ACTIONS, FROZEN_PROBLEMS, FROZEN_PROCEDURES, FROZEN_REFUSALS } from './testing/frozenNames.ts'

describe.each([
  ['procedures', FROZEN_PROCEDURES, [...Object.keys(PROCEDURES), ...Object.keys(ROUTES)]],
  ['actions', FROZEN_ACTIONS, ACTIONS],
  ['refusal codes', FROZEN_REFUSALS, Object.keys(REFUSAL_STATUS)],
  ['field problem codes', FROZEN_PROBLEMS, Object.keys(FIELD_PROBLEMS)],
] as const)('%s', (_kind, frozen: readonly string[], current: readonly string[]) => {
  test('keep their names', () => {
    expect(frozen.filter((name) => !current.includes(name))).toEqual([])
  })

  test('are all in the list, new ones too', () => {
    expect(current.filter((name) => !frozen.includes(name))).toEqual([])
    expect(new Set(frozen).size).toBe(frozen.length)
  })
})
