import { ROLES } from '@roster/domain'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { refusalsOf, type TestInstance, testInstance } from '../support/instance.ts'
import { IMPORTS } from './imports.ts'
import { INVITATIONS } from './invitations.ts'
import type { Operation, OperationInput } from './operation.ts'
import { canSignIn } from './rules.ts'
import { createWorld, expectedState, readState } from './state.ts'
import { USERS } from './users.ts'
import { WORKSPACES } from './workspaces.ts'
import type { World } from './world.ts'

const OPERATIONS: Readonly<Record<string, Operation>> = { ...USERS, ...WORKSPACES, ...INVITATIONS, ...IMPORTS }
const CALLS_MAX = 25

/** One drawn call, as a counterexample prints it. */
const call = fc.record({
  kind: fc.constantFrom(...Object.keys(OPERATIONS)),
  actor: fc.nat(11),
  target: fc.nat(11),
  others: fc.array(fc.nat(11), { minLength: 1, maxLength: 3 }),
  workspace: fc.nat(3),
  organization: fc.nat(1),
  role: fc.constantFrom(...ROLES),
  flag: fc.boolean(),
})
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never

/** A call of the first user, who is an administrator. */
const byFirstUser = (kind: string, target = 0): Call => ({
  kind,
  actor: 0,
  target,
  others: [0],
  workspace: 0,
  organization: 0,
  role: 'default',
  flag: false,
})

/** One fixed sequence of calls that depend on earlier calls, because random sequences rarely contain them. */
const FIXED_SEQUENCE: Call[] = [
  byFirstUser('invite'),
  byFirstUser('accept'),
  byFirstUser('invite'),
  byFirstUser('revoke', 1),
  byFirstUser('import'),
  byFirstUser('run'),
]

function pick<T>(rows: readonly T[], index: number): T {
  const row = rows[index % rows.length]
  if (row === undefined) throw new Error('there are no rows to pick from')
  return row
}

/** Resolves the drawn numbers to rows of the world. */
function resolve(world: World, drawn: Call): OperationInput {
  const { users, workspaces, organizations, invitations, imports } = world
  const invitationIndex = invitations.length === 0 ? 0 : drawn.target % invitations.length
  const importIndex = imports.length === 0 ? 0 : drawn.target % imports.length
  const userImport = imports[importIndex]
  // Only the importing user may run an import, and a random actor rarely is that user.
  const actorIndex = drawn.kind === 'run' && drawn.flag && userImport ? userImport.importerIndex : drawn.actor
  return {
    actor: pick(users, actorIndex),
    target: pick(users, drawn.target),
    others: drawn.others.map((index) => pick(users, index)),
    workspace: pick(workspaces, drawn.workspace),
    workspaceIndex: drawn.workspace,
    organization: pick(organizations, drawn.organization),
    organizationIndex: drawn.organization,
    role: drawn.role,
    flag: drawn.flag,
    invitation: invitations[invitationIndex],
    invitationIndex,
    userImport,
    importIndex,
  }
}

/** Makes one call, checks that it succeeds exactly when the model allows it, and returns the next world. */
async function step(instance: TestInstance, world: World, drawn: Call, covered: Set<string>): Promise<World> {
  const operation = OPERATIONS[drawn.kind]
  if (!operation) throw new Error(`there is no operation ${drawn.kind}`)
  const input = resolve(world, drawn)
  const next = operation.anonymous || canSignIn(world, input.actor) ? operation.apply(world, input) : null
  let answer: unknown
  const [refusal] = await refusalsOf([
    operation
      .call(operation.anonymous ? instance.anonymous : instance.asNewSession(input.actor), input, world)
      .then((data) => {
        answer = data
      }),
  ])
  const description = `${JSON.stringify(drawn)} by ${input.actor.role}: ${JSON.stringify(refusal)}`
  expect([description, refusal === null], description).toEqual([description, next !== null])
  covered.add(`${drawn.kind} ${next === null ? 'refused' : 'allowed'}`)
  if (next === null) return world
  return operation.complete?.(next, answer) ?? next
}

/** Runs random sequences of calls against the real API and compares every step with the model. */
export async function testModel(sequences: number): Promise<void> {
  const instance = await testInstance()
  const covered = new Set<string>()
  test(
    `every call in a random sequence succeeds or is refused exactly as the model says (${sequences} sequences)`,
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(call, { minLength: 5, maxLength: CALLS_MAX, size: 'max' }), async (calls) => {
          let world = await createWorld(instance)
          for (const drawn of calls) {
            world = await step(instance, world, drawn, covered)
            expect(await readState(instance, world), JSON.stringify(drawn)).toEqual(expectedState(world))
          }
        }),
        { numRuns: sequences, examples: [[FIXED_SEQUENCE]], endOnFailure: false, interruptAfterTimeLimit: 30 * 60_000 },
      )
      // The test proves something only if each operation was both allowed and refused.
      for (const kind of Object.keys(OPERATIONS))
        for (const outcome of ['allowed', 'refused']) expect([...covered]).toContain(`${kind} ${outcome}`)
    },
    60 * 60_000,
  )
}
